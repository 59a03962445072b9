// SPDX-License-Identifier: Apache-2.0
#include "cut_out.hpp"

#include <utility>

#include "picture_file.hpp"

namespace gbrs::cli {

Expected<Answer> cut_out(const Model& model, SessionOptions options, const std::string& image,
                         std::span<const Step> steps, const MaskFormat& format) {
  const auto picture = read_picture(image);
  if (!picture) return std::unexpected(picture.error());
  options.publish_every = 0;  // nobody looks
  auto session = Session::create(model, picture->view(), std::move(options));
  if (!session) return std::unexpected(session.error());
  auto answer = session->add_one_by_one(steps);
  if (!answer) return answer;
  const auto mask = answer->render();
  if (!mask) return std::unexpected(mask.error());
  if (const auto written = write_mask(*mask, format); !written) return std::unexpected(written.error());
  return answer;
}

}  // namespace gbrs::cli
