// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pictures for the tests of training: in memory, no files.

#include <opencv2/imgproc.hpp>

#include "training/examples.hpp"

namespace gbrs::test {

/// A red ellipse (255, 0, 0) on blue (0, 0, 255), without soft edges.
inline Example ellipse(cv::Size size, cv::Point centre, cv::Size axes, double angle = 30) {
  Example example{cv::Mat(size, CV_8UC3, cv::Scalar(0, 0, 255)), cv::Mat::zeros(size, CV_8UC1)};
  cv::ellipse(example.picture, centre, axes, angle, 0, 360, cv::Scalar(255, 0, 0), cv::FILLED);
  cv::ellipse(example.truth, centre, axes, angle, 0, 360, cv::Scalar(kObject), cv::FILLED);
  return example;
}

inline DecodedImage decoded(const cv::Mat& image) {
  return {.width = image.cols,
          .height = image.rows,
          .channels = image.channels(),
          .values = {image.datastart, image.dataend}};
}

/// "Files" whose names say what is in them: NUMBER.png, an ellipse somewhere that depends on the number.
class EllipseFiles final : public ImageFiles {
 public:
  Expected<DecodedImage> read_colours(const std::filesystem::path& path) override { return decoded(of(path).picture); }
  Expected<DecodedImage> read_labels(const std::filesystem::path& path) override { return decoded(of(path).truth); }

 private:
  static Example of(const std::filesystem::path& path) {
    const int number = std::stoi(path.stem().string());
    return ellipse({96, 80}, {30 + 7 * (number % 6), 30 + 5 * (number % 5)},
                   {12 + 3 * (number % 4), 10 + 2 * (number % 3)}, 20.0 * number);
  }
};

}  // namespace gbrs::test
