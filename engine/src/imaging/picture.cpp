// SPDX-License-Identifier: Apache-2.0
#include "imaging/picture.hpp"

#include <sys/resource.h>

#include <format>
#include <fstream>
#include <limits>
#include <opencv2/imgproc.hpp>

#include "gbrs/session.hpp"

namespace gbrs {
namespace {

/// What a session needs beside the picture: network, features, maps (measured: 350 MB with libtorch), mirror images
/// (120 MB), and close-ups (270 MB after a hundred clicks about small parts).
constexpr double kFixedBytes = 790e6;
/// R'G'B' with the caller (4 with padding) and here with its smaller versions (3 * 4/3), what a window draws from
/// (4 * 4/3), and the full-size map with its samples on output (4 + 2): 19.3.
constexpr double kBytesPerPixel = 20;

/// Memory the system can still give, or what the process may still take by its limit.
double available_bytes() {
  double available = std::numeric_limits<double>::infinity();
  std::ifstream info("/proc/meminfo");
  for (std::string word; info >> word;)
    if (double kilobytes = 0; word == "MemAvailable:" && info >> kilobytes) available = kilobytes * 1024;
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    double pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    available = std::min(available, static_cast<double>(limit.rlim_cur) - pages * 4096);
  }
  return available;
}

Expected<void> check_layout(ImageView view) {
  const std::ptrdiff_t bytes = view.format == PixelFormat::rgba8 ? 4 : 3;
  if (view.pixels == nullptr || view.stride_bytes < bytes * view.width)
    return failure(ErrorCode::invalid_argument, "The picture has no pixels or rows shorter than its width.");
  return {};
}

}  // namespace

Expected<void> check_picture_size(int width, int height) {
  if (width < kMinImageSide || height < kMinImageSide)
    return failure(ErrorCode::invalid_argument,
                   std::format("The picture has {} x {} pixels; at least {} x {} are needed.", width, height,
                               kMinImageSide, kMinImageSide));
  const double pixels = static_cast<double>(width) * height;
  if (pixels > static_cast<double>(kMaxImagePixels))
    return failure(ErrorCode::invalid_argument,
                   std::format("The picture has {:.0f} megapixels; at most {} are possible.", pixels / 1e6,
                               kMaxImagePixels / 1'000'000));
  const double need = kFixedBytes + kBytesPerPixel * pixels;
  if (const double available = available_bytes(); need > available)
    return failure(
        ErrorCode::out_of_memory,
        std::format("A picture of {:.1f} megapixels needs {:.1f} GB of memory, but only {:.1f} GB are available.",
                    pixels / 1e6, need / 1e9, std::max(0.0, available) / 1e9));
  return {};
}

Expected<std::shared_ptr<const Picture>> Picture::copy(ImageView view) {
  if (auto checked = check_picture_size(view.width, view.height); !checked) return std::unexpected(checked.error());
  if (auto checked = check_layout(view); !checked) return std::unexpected(checked.error());
  try {
    auto picture = std::make_shared<Picture>();
    const int type = view.format == PixelFormat::rgba8 ? CV_8UC4 : CV_8UC3;
    // OpenCV has no view of constant pixels; it only reads here
    const cv::Mat source(view.height, view.width, type, const_cast<std::uint8_t*>(view.pixels),
                         static_cast<std::size_t>(view.stride_bytes));
    if (view.format == PixelFormat::rgba8)
      cv::cvtColor(source, picture->levels_[0], cv::COLOR_RGBA2RGB);
    else
      picture->levels_[0] = source.clone();
    while (picture->last_level_ + 1 < kMaxLevels &&
           (std::min(view.width, view.height) >> (picture->last_level_ + 1)) > 1)
      ++picture->last_level_;
    return picture;
  } catch (const std::exception& error) {  // std::bad_alloc and OpenCV's own
    return failure(ErrorCode::out_of_memory, "There is not enough memory for the picture.", error.what());
  }
}

const cv::Mat& Picture::level(int index) const {
  const std::lock_guard lock(mutex_);
  for (int i = 1; i <= index; ++i) {
    if (!levels_[static_cast<std::size_t>(i)].empty()) continue;
    const cv::Mat& finer = levels_[static_cast<std::size_t>(i) - 1];
    cv::resize(finer, levels_[static_cast<std::size_t>(i)], {(finer.cols + 1) / 2, (finer.rows + 1) / 2}, 0, 0,
               cv::INTER_AREA);
  }
  return levels_[static_cast<std::size_t>(index)];
}

cv::Mat Picture::resampled(Rectangle box, int width, int height) const {
  const cv::Mat part = levels_[0](cv::Rect(box.x, box.y, box.width, box.height));
  const bool is_smaller = width <= box.width && height <= box.height;
  cv::Mat result;
  cv::resize(part, result, {width, height}, 0, 0, is_smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
  return result;
}

}  // namespace gbrs
