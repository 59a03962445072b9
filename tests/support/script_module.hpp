// SPDX-License-Identifier: Apache-2.0
#pragma once

// TorchScript modules made in the test.

#include <filesystem>
#include <string>

#include "layers/tensor.hpp"

namespace gbrs::test {

/// [out,in,3,3], of about the size that keeps features at theirs.
[[nodiscard]] Tensor script_weights(std::int64_t out, std::int64_t in);

/// A picture's features [1,8,h,w] at 1/8, and an answer of them.
inline const std::string kTinyMethods = R"(
def encode(self, image):
    return torch.conv2d(image, self.enter, None, [8, 8], [1, 1])

def decode(self, feature):
    return torch.conv2d(torch.relu(feature), self.leave, None, [1, 1], [1, 1])
)";

/// Writes a module with these methods, source text in TorchScript, and script_weights that they may use: `enter`
/// [8,colours,3,3] and `leave` [answers,8,3,3]. Throws what torch throws.
void write_script(const std::filesystem::path& file, const std::string& methods, int answers, int colours = 3);

}  // namespace gbrs::test
