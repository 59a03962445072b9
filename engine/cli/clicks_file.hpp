// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file that says where to click on many pictures:
//
//   CSV    image,clicks                           JSON   {"cat.jpg": "120,80,+ 300,40,-,25",
//          cat.jpg,"120,80,+ 300,40,-,25"                 "dog.jpg": "40,60,+"}
//
// A box among the clicks is "LEFT,TOP,RIGHT,BOTTOM": see parse_steps. In CSV a first line that begins with "image" is
// the heading, and quotes are doubled within quotes (RFC 4180).

#include <string>
#include <vector>

#include "gbrs/error.hpp"
#include "gbrs/step.hpp"

namespace gbrs::cli {

struct ClickedPicture {
  std::string image;  ///< file name, relative to the pictures' folder
  std::vector<Step> steps;
};

/// In the file's order. Errors: those of reading; invalid_argument, with the line or the name that is wrong.
Expected<std::vector<ClickedPicture>> read_clicks_file(const std::string& path);

}  // namespace gbrs::cli
