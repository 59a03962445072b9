// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/engine_words.hpp"

#include "base/translation.hpp"

namespace gbrs::plugin {
namespace {

/// The engine's sentences that somebody at a window may meet, word by word, for the translators.
[[maybe_unused]] constexpr const char* kSentences[] = {
    N_("The mask covers no pixel wholly: nothing is surely the object."),
    N_("The mask leaves no pixel out: nothing is surely the background."),
    N_("The trimap has no foreground: nothing in it is white (255)."),
    N_("The trimap has no background: nothing in it is black (0)."),
    N_("The trimap leaves nothing unknown: nothing in it is grey (128)."),
    N_("A model of classes can't start from a map."),
    N_("There is not enough memory for the picture."),
    N_("There is not enough memory for this step."),
    N_("There is not enough memory for the object's colours."),
    N_("There is not enough memory for the matte's detail."),
    N_("There is not enough memory to go on; the last good answer is kept."),
    N_("The system has no memory or thread left for a session."),
    N_("Computing the answer failed."),
    N_("Refining became unstable and was undone; the network's own answer is shown."),
    N_("The computing library is incomplete: install gbrs anew."),
    N_("The computing library is older than the program: install both anew.")};

}  // namespace

std::string in_users_words(const std::string& sentence) {
  return sentence.empty() ? sentence : _(sentence.c_str());  // nothing would be translated by the catalogue's header
}

}  // namespace gbrs::plugin
