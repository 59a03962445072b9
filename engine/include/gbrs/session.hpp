// SPDX-License-Identifier: Apache-2.0
#pragma once

// A session: one picture, the history of clicks on it, and the answers.
//
//   auto model = gbrs::Model::open("segment-small");
//   auto session = gbrs::Session::create(*model, image);
//   session->add({.x = 120.5, .y = 80.5});
//   auto answer = session->wait();            // or answer() at any time, and on_change()
//   auto mask = answer->render();
//
// The state is a function of the history alone, never of timing. The history is a list of steps; a step has
// one or more clicks, or a box. A click added while the last step is still being computed joins it, but neither a
// stroke nor a box: these are steps of their own. Moving, removing
// or changing an earlier click changes that step and replays the later ones. Undo and redo go through the
// calls that changed the history, without limit, from kept states. Two sessions with equal history have
// equal answers byte for byte (same device, same number of threads).
//
// Thread-safe. No call but wait(), detailed(), add_one_by_one() and the destructor blocks for longer than it takes to
// copy clicks; the work is done by one worker thread, which also calls on_change's function; where clicks are about
// objects (gbrs/method.hpp, objects), that one waits for another that finds them.

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "gbrs/answer.hpp"
#include "gbrs/click.hpp"
#include "gbrs/error.hpp"
#include "gbrs/export.hpp"
#include "gbrs/image.hpp"
#include "gbrs/method.hpp"
#include "gbrs/model.hpp"
#include "gbrs/step.hpp"
#include "gbrs/trimap.hpp"

namespace gbrs {

/// 400 megapixels: beyond it one picture alone takes more than 1.2 GB.
inline constexpr long long kMaxImagePixels = 400'000'000;

/// Whether a picture of this size can be worked on, for those who know the size before they read pixels;
/// Session::create asks the same. Errors: invalid_argument (too small, above kMaxImagePixels), out_of_memory
/// (says how much is needed and how much there is).
GBRS_API Expected<void> check_picture_size(int width, int height);

struct SessionOptions {
  LayerType layer = LayerType::bmconv;
  MethodOptions method = {};
  /// The first and every k-th answer on the way become intermediate ones, unless they come too fast to be seen, and
  /// those before a mirror image or closer look; 0: none.
  int publish_every = 5;
  /// For people who click: while they look at the picture, get ready for the frames that closer looks will need. Some
  /// seconds of a processor's time in the background, once for a model.
  bool prepares_zoom = false;
  /// A map of the picture's size to start from: depth; or coverage or alpha, where what lies beyond 0 to 1 means the
  /// nearer of the two. Null: none.
  std::shared_ptr<const Map> start = nullptr;
  /// matte, of the picture's size, with pixels of all three kinds: what is known stays as it is. Null: that of the
  /// start (trimap_of).
  std::shared_ptr<const Trimap> trimap = nullptr;
};

/// What the worker is doing.
struct Progress {
  enum class Phase { idle, loading, encoding, first_answer, refining };
  Phase phase = Phase::idle;
  std::size_t step = 0;   ///< 0-based step of the history that is being computed
  std::size_t steps = 0;  ///< steps in the history
  int iteration = 0;
  int iterations = 0;
};

class GBRS_API Session {
 public:
  /// Copies the picture. The model's weights are loaded by the worker, at once.
  /// Errors: invalid_argument (size, options, start map, trimap), unsupported (a task this version does not know, a
  /// start map for classes), out_of_memory.
  static Expected<Session> create(Model model, ImageView image, SessionOptions options = {});
  /// Another session on the same picture, which is not copied. Errors: those of create().
  [[nodiscard]] Expected<Session> anew(Model model, SessionOptions options = {}) const;
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  /// Stops the worker within one iteration, or what one step looks at besides: mirror image, closer looks, objects.
  ~Session();

  /// Changes of the history. Errors: invalid_argument (outside the picture, not a number, unknown target, known alpha),
  /// not_found (no such click); the history is then unchanged. Where a model does not name its classes, one that it has
  /// not is an error of wait(). Indices count clicks in the history's order.
  Expected<void> add(const Click& click);
  Expected<void> add(std::span<const Click> clicks);  ///< one step; several clicks are a stroke
  Expected<void> add(const Box& box);                 ///< the part of it that lies in the picture
  /// Adds clicks as steps of their own, each computed before the next one is added, and waits: what somebody does
  /// who looks at each answer. The command line and GIMP's procedure go this way, so that they agree.
  /// `computed`, if set, is told the number of clicks so far. Errors: those of add() and wait().
  Expected<Answer> add_one_by_one(std::span<const Click> clicks, const std::function<void(std::size_t)>& computed = {});
  /// The same with whole steps; `computed` is told their number.
  Expected<Answer> add_one_by_one(std::span<const Step> steps, const std::function<void(std::size_t)>& computed = {});
  Expected<void> move(std::size_t index, double x, double y);
  Expected<void> remove(std::size_t index);
  Expected<void> relabel(std::size_t index, double target);
  Expected<void> set_radius(std::size_t index, std::optional<double> radius);
  /// Another step in the place of the step `index`, counted from 0; an empty one removes it.
  Expected<void> replace_step(std::size_t index, Step step);
  Expected<void> restore(std::vector<Step> history);  ///< replaces the whole history, one call to undo
  bool undo();                                        ///< false: nothing to undo
  bool redo();
  [[nodiscard]] bool can_undo() const;
  [[nodiscard]] bool can_redo() const;

  /// Stops refining within one iteration: steps not finished yet are recorded as not refined and keep the
  /// network's first answer. A step that looks at the mirror image or closer already is finished instead.
  void cancel();

  /// What a click would give: the network's first answer to the history with it, which does not change. It is computed
  /// when nothing else is to be done, and only where that takes one pass; any change of the history forgets it. None:
  /// no preview. Errors: as in add().
  Expected<void> preview(std::optional<Click> click);
  /// The answer that preview() asked for; none: it is not there, or forgotten.
  [[nodiscard]] std::optional<Answer> previewed() const;

  [[nodiscard]] std::vector<Step> history() const;
  [[nodiscard]] std::vector<Click> clicks() const;

  /// The newest answer there is; never blocks.
  [[nodiscard]] Answer answer() const;
  /// Waits until the history is computed. Errors: those of loading the model; out_of_memory; a failed step
  /// keeps the answer before it.
  Expected<Answer> wait();
  /// The answer of wait() for output. Where a matte's network saw the picture reduced, it now looks at it in its own
  /// scale, part by part, and what it sees finer there comes on top of the answer, unless the session began with a start
  /// map or zoom=off. Blocks: some tenths of a second for each part of the frame's size that has something unknown.
  /// `progress` is told the share that is done, 0..1; stopped, the answer stays as it is. Errors: those of wait().
  Expected<Answer> detailed(const std::function<void(double)>& progress = {}, std::stop_token stop = {});
  [[nodiscard]] Progress progress() const;
  /// The failure of the last computation, if there was one.
  [[nodiscard]] std::optional<Error> error() const;

  /// `function` is called by the worker whenever answer(), progress() or error() changed. It must not call
  /// wait(), must not throw and must be quick: hand over to your own thread there. Replaces the function set before.
  void on_change(std::function<void()> function);

 private:
  class Implementation;
  explicit Session(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace gbrs
