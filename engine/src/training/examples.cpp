// SPDX-License-Identifier: Apache-2.0
#include "training/examples.hpp"

#include <array>
#include <cmath>

#include "training/cutouts.hpp"

namespace gbrs {
namespace {

/// An object of an id map.
struct LabelledObject {
  int id = 0;
  double area = 0;
  cv::Point2d centre;
};

std::vector<LabelledObject> find_objects(const cv::Mat& ids) {
  std::array<LabelledObject, 256> all{};
  for (int y = 0; y < ids.rows; ++y) {
    const auto* row = ids.ptr<std::uint8_t>(y);
    for (int x = 0; x < ids.cols; ++x) {
      LabelledObject& object = all[row[x]];
      object.area += 1;
      object.centre += cv::Point2d(x, y);
    }
  }
  std::vector<LabelledObject> objects;
  for (int id = 1; id < kIgnored; ++id) {
    LabelledObject object = all[static_cast<std::size_t>(id)];
    if (object.area <= 0) continue;
    object.id = id;
    object.centre /= object.area;
    objects.push_back(object);
  }
  return objects;
}

class LabelledPictures final : public ExampleSource {
 public:
  LabelledPictures(const DataRecipe& data, std::vector<PictureFiles> files, std::shared_ptr<PictureCache> cache)
      : data_(data), files_(std::move(files)), cache_(std::move(cache)) {}

  std::size_t picture_count() const override { return files_.size(); }

  Expected<Example> draw(Random& random) override {
    const PictureFiles& files = files_[random.below(files_.size())];
    const auto picture = cache_->colours(files.picture);
    if (!picture) return std::unexpected(picture.error());
    const auto ids = cache_->labels(files.labels);
    if (!ids) return std::unexpected(ids.error());
    if (ids->size() != picture->size())
      return failure(ErrorCode::damaged,
                     "The labels " + files.labels.string() + " have another size than their picture.");
    return Example{*picture, truth_of(*ids, random)};
  }

 private:
  /// The ids that are the object, the ignored ones, and the rest.
  cv::Mat truth_of(const cv::Mat& ids, Random& random) const {
    cv::Mat meaning(1, 256, CV_8UC1, cv::Scalar(kBackground));
    meaning.at<std::uint8_t>(kIgnored) = kIgnored;
    for (const int id : choose(find_objects(ids), random)) meaning.at<std::uint8_t>(id) = kObject;
    cv::Mat truth;
    cv::LUT(ids, meaning, truth);
    return truth;
  }

  /// An object with a probability that grows with the root of its area, at times with the one nearest to it, at times
  /// all of them.
  std::vector<int> choose(const std::vector<LabelledObject>& objects, Random& random) const {
    std::vector<int> ids;
    if (objects.empty()) return ids;
    if (random.happens(data_.all)) {
      for (const LabelledObject& object : objects) ids.push_back(object.id);
      return ids;
    }
    std::vector<double> weights;
    for (const LabelledObject& object : objects) weights.push_back(std::sqrt(object.area));
    const LabelledObject& first = objects[random.weighted(weights)];
    ids.push_back(first.id);
    if (objects.size() < 2 || !random.happens(data_.several)) return ids;
    const LabelledObject* nearest = nullptr;
    for (const LabelledObject& other : objects) {
      if (other.id == first.id) continue;
      if (nearest == nullptr || cv::norm(other.centre - first.centre) < cv::norm(nearest->centre - first.centre))
        nearest = &other;
    }
    ids.push_back(nearest->id);
    return ids;
  }

  DataRecipe data_;
  std::vector<PictureFiles> files_;
  std::shared_ptr<PictureCache> cache_;
};

}  // namespace

Expected<std::unique_ptr<ExampleSource>> open_source(const DataRecipe& data, const TrainingFolder& folder,
                                                     std::shared_ptr<PictureCache> cache) {
  if (!data.cutouts.empty()) return open_cutouts(data, folder, std::move(cache));
  auto files = folder.pairs(data.folder + "/images", data.folder + "/masks");
  if (!files) return std::unexpected(files.error());
  return std::make_unique<LabelledPictures>(data, std::move(*files), std::move(cache));
}

Expected<Examples> Examples::open(const std::vector<DataRecipe>& data, const TrainingFolder& folder,
                                  ImageFiles& files) {
  Examples examples;
  const auto cache = std::make_shared<PictureCache>(files);
  for (const DataRecipe& entry : data) {
    auto source = open_source(entry, folder, cache);
    if (!source) return std::unexpected(source.error());
    examples.sources_.push_back(std::move(*source));
    examples.weights_.push_back(entry.weight);
  }
  return examples;
}

std::size_t Examples::picture_count() const {
  std::size_t count = 0;
  for (const auto& source : sources_) count += source->picture_count();
  return count;
}

Expected<Example> Examples::draw(Random& random) {
  constexpr int kTries = 1000;
  for (int i = 0; i < kTries; ++i) {
    auto example = sources_[random.weighted(weights_)]->draw(random);
    if (!example) return example;
    if (cv::countNonZero(example->truth == kObject) >= kMinObjectPixels) return example;
  }
  return failure(ErrorCode::invalid_argument, "The training pictures have no objects of a usable size.");
}

}  // namespace gbrs
