// SPDX-License-Identifier: Apache-2.0
#pragma once

// Folders of pictures on disk, decoded when they are needed.

#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "gbrs/training.hpp"

namespace gbrs {

/// A picture and what belongs to it.
struct PictureFiles {
  std::filesystem::path picture;
  std::filesystem::path labels;  ///< id map or alpha; empty: none
};

/// The folder that a recipe's folders are relative to.
struct TrainingFolder {
  std::filesystem::path root;
  int held_out = 0;  ///< Recipe::held_out

  /// The pairs COLOURS/NAME.* and LABELS/NAME.png in the order of their names; pictures without labels are left out.
  /// Errors: not_found (a folder), io, invalid_argument (no pair).
  [[nodiscard]] Expected<std::vector<PictureFiles>> pairs(const std::filesystem::path& colours,
                                                          const std::filesystem::path& labels) const;
  /// The pictures of FOLDER/images or, if there is none, of FOLDER. Errors as pairs.
  [[nodiscard]] Expected<std::vector<PictureFiles>> pictures(const std::filesystem::path& folder) const;
};

/// Whether the picture NAME.* is kept from training, by the name alone: its hash (FNV-1a, 64 bits) is a multiple of
/// `held_out`. 0: none is.
[[nodiscard]] bool is_held_out(std::string_view name, int held_out);

/// Decodes files and keeps the last ones used.
class PictureCache {
 public:
  /// Some 3000 pictures of 384 x 288 with their labels.
  static constexpr std::size_t kMostBytes = std::size_t{1} << 30;
  /// `most_bytes`: how much decoded pixels may take.
  explicit PictureCache(ImageFiles& files, std::size_t most_bytes = kMostBytes)
      : files_(files), most_bytes_(most_bytes) {}

  /// CV_8UC3, R'G'B'; shared: not to be written to. Errors: those of the reader.
  [[nodiscard]] Expected<cv::Mat> colours(const std::filesystem::path& path);
  /// CV_8UC1. Errors: those of the reader.
  [[nodiscard]] Expected<cv::Mat> labels(const std::filesystem::path& path);

 private:
  using Read = Expected<DecodedImage> (ImageFiles::*)(const std::filesystem::path& path);
  Expected<cv::Mat> get(const std::filesystem::path& path, Read read, int channels);

  struct Entry {
    std::string path;
    cv::Mat pixels;
  };
  ImageFiles& files_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  // the last used first
  std::map<std::string, std::list<Entry>::iterator> places_;
};

}  // namespace gbrs
