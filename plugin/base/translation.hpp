// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libintl.h>

#include <cstdarg>
#include <cstdio>
#include <string>

// Texts for the user. GIMP binds the domain, which has the name of the plug-in's folder.

#define _(text) gettext(text)
#define N_(text) (text)

namespace gbrs::plugin {

/// printf into a string, with the user's decimal point: for texts, never for data.
[[gnu::format(printf, 1, 2)]] inline std::string formatted(const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  std::va_list again;
  va_copy(again, arguments);
  const int length = std::vsnprintf(nullptr, 0, format, arguments);
  va_end(arguments);
  std::string text(static_cast<std::size_t>(length > 0 ? length : 0), '\0');
  std::vsnprintf(text.data(), text.size() + 1, format, again);
  va_end(again);
  return text;
}

}  // namespace gbrs::plugin
