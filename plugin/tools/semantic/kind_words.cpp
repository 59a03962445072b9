// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/semantic/kind_words.hpp"

#include "base/translation.hpp"

namespace gbrs::plugin {
namespace {

/// Those of the models that come with the plug-in, for the translators.
[[maybe_unused]] constexpr const char* kNames[] = {
    // translators: kinds of things that a photograph shows
    N_("background"), N_("aeroplane"), N_("bicycle"), N_("bird"), N_("boat"), N_("bottle"), N_("bus"), N_("car"),
    N_("cat"), N_("chair"), N_("cow"), N_("table"), N_("dog"), N_("horse"), N_("motorcycle"), N_("person"), N_("plant"),
    N_("sheep"), N_("sofa"), N_("train"), N_("television"),
    // translators: kinds of things in a street
    N_("road"), N_("pavement"), N_("building"), N_("wall"), N_("fence"), N_("pole"), N_("traffic light"),
    N_("traffic sign"), N_("vegetation"), N_("terrain"), N_("sky"), N_("rider"), N_("truck"), N_("other")};

}  // namespace

std::string kind_words(const ModelInfo& model, int number) {
  const std::string name = model.class_name(number);
  return name.empty() ? name : _(name.c_str());  // nothing would be translated by the catalogue's header
}

}  // namespace gbrs::plugin
