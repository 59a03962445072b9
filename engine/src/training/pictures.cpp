// SPDX-License-Identifier: Apache-2.0
#include "training/pictures.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>

#include "models/weight_generator.hpp"

namespace gbrs {
namespace {

namespace fs = std::filesystem;

bool is_picture(const fs::path& path) {
  std::string extension = path.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  constexpr std::array<std::string_view, 6> known{".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"};
  return std::ranges::find(known, extension) != known.end();
}

/// Sorted: the order in a folder differs from one file system to the next.
Expected<std::vector<fs::path>> sorted_pictures(const fs::path& folder, int held_out) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return failure(ErrorCode::not_found, std::format("There is no folder {}.", folder.string()), error.message());
  std::vector<fs::path> paths;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (is_picture(entry->path()) && !is_held_out(entry->path().stem().string(), held_out))
      paths.push_back(entry->path());
  if (error)
    return failure(ErrorCode::io, std::format("The folder {} cannot be read.", folder.string()), error.message());
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

bool is_held_out(std::string_view name, int held_out) {
  return held_out != 0 && hash_of(name) % static_cast<std::uint64_t>(held_out) == 0;
}

Expected<std::vector<PictureFiles>> TrainingFolder::pairs(const fs::path& colours, const fs::path& labels) const {
  const auto pictures = sorted_pictures(root / colours, held_out);
  if (!pictures) return std::unexpected(pictures.error());
  const auto maps = sorted_pictures(root / labels, held_out);
  if (!maps) return std::unexpected(maps.error());
  std::map<std::string, fs::path> by_name;
  for (const fs::path& map : *maps) by_name.emplace(map.stem().string(), map);
  std::vector<PictureFiles> pairs;
  for (const fs::path& picture : *pictures) {
    const auto found = by_name.find(picture.stem().string());
    if (found != by_name.end()) pairs.push_back({picture, found->second});
  }
  if (pairs.empty())
    return failure(ErrorCode::invalid_argument, std::format("No picture in {} has a file of the same name in {}.",
                                                            (root / colours).string(), (root / labels).string()));
  return pairs;
}

Expected<std::vector<PictureFiles>> TrainingFolder::pictures(const fs::path& folder) const {
  std::error_code error;
  const fs::path images = root / folder / "images";
  const auto pictures = sorted_pictures(fs::is_directory(images, error) ? images : root / folder, held_out);
  if (!pictures) return std::unexpected(pictures.error());
  if (pictures->empty())
    return failure(ErrorCode::invalid_argument, std::format("There are no pictures in {}.", (root / folder).string()));
  std::vector<PictureFiles> files;
  for (const fs::path& picture : *pictures) files.push_back({picture, {}});
  return files;
}

Expected<cv::Mat> PictureCache::colours(const fs::path& path) { return get(path, &ImageFiles::read_colours, 3); }

Expected<cv::Mat> PictureCache::labels(const fs::path& path) { return get(path, &ImageFiles::read_labels, 1); }

Expected<cv::Mat> PictureCache::get(const fs::path& path, Read read, int channels) {
  const std::string name = path.string();
  if (const auto place = places_.find(name); place != places_.end()) {
    entries_.splice(entries_.begin(), entries_, place->second);
    return place->second->pixels;
  }
  auto image = (files_.*read)(path);
  if (!image) return std::unexpected(image.error());
  const std::size_t size = static_cast<std::size_t>(image->width) * static_cast<std::size_t>(image->height) *
                           static_cast<std::size_t>(channels);
  if (image->channels != channels || image->values.size() != size || size == 0)
    return failure(ErrorCode::internal, std::format("The file {} was not read as it should be.", name));
  const cv::Mat pixels =
      cv::Mat(image->height, image->width, CV_8UC(channels), image->values.data()).clone();  // owns its memory
  entries_.push_front({name, pixels});
  places_[name] = entries_.begin();
  bytes_ += size;
  while (bytes_ > most_bytes_ && entries_.size() > 1) {
    bytes_ -= entries_.back().pixels.total() * entries_.back().pixels.elemSize();
    places_.erase(entries_.back().path);
    entries_.pop_back();
  }
  return pixels;
}

}  // namespace gbrs
