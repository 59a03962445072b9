// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <tuple>
#include <vector>

#include "base/main_loop_call.hpp"
#include "canvas/intention.hpp"
#include "canvas/markers.hpp"
#include "canvas/pointer_tool.hpp"
#include "editing/ground.hpp"
#include "editing/marks.hpp"
#include "editing/versions.hpp"
#include "gbrs/gbrs.hpp"
#include "gimp/bridge.hpp"

namespace gbrs::plugin {

/// Session::detailed() of some session, by any one thread.
using Detailed = std::function<Expected<Answer>(const std::function<void(double)>& progress, std::stop_token stop)>;

/// The session behind the window. What the user changes goes in; what there is to show lies here, as it was at
/// the last refresh(). Main thread only.
class Editing final {
 public:
  /// `on_change` is called on the main loop when there is something new to refresh. `tool` outlives it.
  Editing(PointerTool& tool, Model model, SessionOptions options, std::function<void()> on_change,
          std::function<void(const std::string&)> on_error);

  /// Makes the session for this picture; its worker loads the network. Clicks that there are already are computed
  /// anew; those that it cannot take (ground.hpp) are left out until it can, or something else is said. Errors: those
  /// of Session::create, Session::restore and painted_over; then nothing has changed.
  Expected<void> begin(const Pixels& pixels);
  /// By the last begin() or restore().
  [[nodiscard]] const LeftOut& left_out() const { return left_out_; }
  /// What begin() is to use from now on, and used.
  void set_method(Model model, SessionOptions options);
  [[nodiscard]] const Model& model() const { return model_; }
  [[nodiscard]] bool has_begun() const { return session_ != nullptr; }

  /// Takes over the session's state. True: the answer is another one than before.
  bool refresh();

  /// What the user has to do with; indices below count these.
  [[nodiscard]] const std::vector<Mark>& marks() const { return marks_; }
  [[nodiscard]] const Click& click_of(const Mark& mark) const { return clicks_[mark.first_click]; }  ///< not of a box
  [[nodiscard]] const Answer& answer() const { return answer_; }
  /// The final answer before the last change of the clicks.
  [[nodiscard]] const Answer& previous_answer() const { return previous_; }
  [[nodiscard]] const Progress& progress() const { return progress_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] std::string notice() const { return model_.notice(); }  ///< from loading the network
  [[nodiscard]] bool is_busy() const { return progress_.phase != Progress::Phase::idle; }
  /// The answer is the final one to these clicks.
  [[nodiscard]] bool is_settled() const;
  [[nodiscard]] bool can_undo() const { return session_ && versions_.can_undo(); }
  [[nodiscard]] bool can_redo() const { return session_ && versions_.can_redo(); }

  /// The picture that is looked at, and what is known of it, with what was painted; null: the task has no trimap.
  [[nodiscard]] const std::shared_ptr<const Pixels>& pixels() const { return pixels_; }
  [[nodiscard]] const std::shared_ptr<const Trimap>& trimap() const { return ground_.trimap; }
  /// The answer for output, when it is settled. May be called after this is gone.
  [[nodiscard]] Detailed detailed() const;

  /// How far a mark's clicks reach, in image pixels: as it was given, else as the engine chose it. None: not known yet,
  /// or a box.
  [[nodiscard]] std::optional<double> radius_of(std::size_t mark) const;
  /// How the answer stands with a mark. None: not known yet.
  [[nodiscard]] std::optional<ClickVerdict> verdict_of(std::size_t mark) const;
  [[nodiscard]] std::vector<Marker> markers() const;

  /// What a click would give, in previewed() after a later refresh(), unless something else happens; none: nothing.
  void preview(const std::optional<Click>& click) { std::ignore = session_->preview(click); }
  [[nodiscard]] const std::optional<Answer>& previewed() const { return previewed_; }

  // Changes of what is said, only after begin().
  /// What changes nothing of it is done by others: it is no error here. Painting over clicks takes them away. Errors:
  /// those of the session, and of begin().
  Expected<void> obey(const Intention& intention);
  Expected<void> undo();  ///< errors: those of begin()
  Expected<void> redo();
  void stop() { session_->cancel(); }
  [[nodiscard]] const std::vector<Step>& history() const { return history_; }
  [[nodiscard]] bool says_nothing() const { return history_.empty() && versions_.now().painted.empty(); }
  [[nodiscard]] const std::vector<PaintedStroke>& painted() const { return versions_.now().painted; }
  [[nodiscard]] Said said() const { return {history_, painted(), ground_.classes}; }
  /// Replaces all that is said, in one step that undo() takes back; what cannot be taken is left out as by begin().
  Expected<void> restore(Said said);

 private:
  /// `pixels` null: on the picture of the session that there is; painting means that.
  Expected<void> make_session(const Pixels* pixels, Said& said);
  void leave(std::shared_ptr<Session> session);
  Expected<void> replace(Said said);
  Expected<void> show_version(const std::vector<PaintedStroke>& shown, bool (Session::*go)());
  Expected<void> restore_steps(const std::vector<Step>& steps, bool (Session::*go)());
  [[nodiscard]] std::vector<Step> taken_here(const Said& said) const;
  [[nodiscard]] std::optional<PaintedStroke> painted_by(const Intention& intention) const;
  Expected<void> change(const Intention& intention);
  void take_history();
  Expected<void> obey_for(const Intention& intention, const Mark& mark);
  Expected<void> add(const AddClick& add, std::optional<Place> other);
  Expected<void> move(const Mark& mark, Point place);
  /// Errors: something is known of this place, which a click cannot change.
  [[nodiscard]] Expected<void> check_unknown(Point place) const;
  Expected<void> flip(const Mark& mark);
  template <class Edit>
  Expected<void> change_clicks(const Mark& mark, Edit edit);
  [[nodiscard]] Point place_of(const Mark& mark) const;

  PointerTool& tool_;
  Model model_;
  SessionOptions options_;
  MainLoopCall changed_;
  std::shared_ptr<Session> session_;     // after changed_, which its worker calls
  std::vector<std::future<void>> left_;  // sessions that end
  bool is_other_session_ = false;        // whose answer was not settled yet
  std::shared_ptr<const Pixels> pixels_;
  Ground ground_;  // of the session
  Versions versions_;
  LeftOut left_out_;
  Answer answer_;
  Answer settled_;   // the newest final one
  Answer previous_;  // the final one to other clicks before it
  std::vector<Step> history_;
  std::vector<Click> clicks_;  // all of the history's
  std::vector<Mark> marks_;
  std::vector<ClickVerdict> verdicts_;  // of the marks; empty: not known yet
  std::optional<Answer> previewed_;
  Progress progress_;
  std::optional<Error> error_;
};

}  // namespace gbrs::plugin
