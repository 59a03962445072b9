// SPDX-License-Identifier: Apache-2.0
#include "cut_out.hpp"

#include <utility>

#include "clicking.hpp"

namespace gbrs::cli {

Expected<Answer> cut_out(const Model& model, SessionOptions options, const std::string& image,
                         std::span<const Step> steps, const MaskFormat& format) {
  auto answer = click_on(model, std::move(options), image, steps);
  if (!answer) return answer;
  const auto mask = answer->render();
  if (!mask) return std::unexpected(mask.error());
  if (const auto written = write_mask(*mask, format); !written) return std::unexpected(written.error());
  return answer;
}

}  // namespace gbrs::cli
