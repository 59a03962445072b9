// SPDX-License-Identifier: Apache-2.0
#include "session/rendering.hpp"

#include <algorithm>
#include <cmath>

#include "session/corrections.hpp"
#include "session/interpolation.hpp"

namespace gbrs {
namespace {

/// A network is never sure to the last percent: what is closer than this to 0 or 1 counts as that, else a faint
/// ghost of the background stays in every cut-out (5 % of a picture's pixels lay between 0 and 0.03).
constexpr float kUnsure = 0.03F;

/// Coverage for a value of the linear models, which overshoot.
float decided(float value) { return std::clamp((value - kUnsure) / (1 - 2 * kUnsure), 0.0F, 1.0F); }

/// The colours that go with output pixels at a scale: the picture itself, or a smaller version between whose
/// pixels is interpolated.
class Guide {
 public:
  Guide(const Picture& picture, double scale) {
    const int level =
        scale >= 1 ? 0 : std::min(picture.last_level(), static_cast<int>(std::floor(std::log2(1 / scale))));
    pixels_ = picture.level(level);
    is_exact_ = scale >= 1;
    to_level_x_ = static_cast<double>(pixels_.cols) / picture.width();
    to_level_y_ = static_cast<double>(pixels_.rows) / picture.height();
  }

  [[nodiscard]] Between column(double x) const { return place(x, to_level_x_, pixels_.cols); }
  [[nodiscard]] Between row(double y) const { return place(y, to_level_y_, pixels_.rows); }

  /// Colour 0..1.
  [[nodiscard]] cv::Vec3f colour(const Between& column, const cv::Vec3b* first_row, const cv::Vec3b* second_row,
                                 float row_weight) const {
    constexpr float kUnit = 1.0F / 255.0F;
    const cv::Vec3b& a = first_row[column.first];
    if (is_exact_)
      return {static_cast<float>(a[0]) * kUnit, static_cast<float>(a[1]) * kUnit, static_cast<float>(a[2]) * kUnit};
    const cv::Vec3b& b = first_row[column.second];
    const cv::Vec3b& c = second_row[column.first];
    const cv::Vec3b& d = second_row[column.second];
    cv::Vec3f result;
    for (int i = 0; i < 3; ++i)
      result[i] = mix(mix(a[i], b[i], column.weight), mix(c[i], d[i], column.weight), row_weight) * kUnit;
    return result;
  }

  [[nodiscard]] const cv::Vec3b* pixels(int row) const { return pixels_.ptr<cv::Vec3b>(row); }

 private:
  [[nodiscard]] Between place(double position, double to_level, int size) const {
    if (!is_exact_) return between(position * to_level - 0.5, size);
    const int index = std::clamp(static_cast<int>(std::floor(position)), 0, size - 1);
    return {index, index, 0};
  }

  cv::Mat pixels_;
  bool is_exact_ = true;
  double to_level_x_ = 1;
  double to_level_y_ = 1;
};

/// The linear models interpolated onto one row: `row` gets coefficients.cols entries.
void interpolate_models(const cv::Mat& coefficients, const Between& v, std::vector<cv::Vec4f>& row) {
  const auto* first = coefficients.ptr<cv::Vec4f>(v.first);
  const auto* second = coefficients.ptr<cv::Vec4f>(v.second);
  for (std::size_t i = 0; i < row.size(); ++i)
    for (int c = 0; c < 4; ++c) row[i][c] = mix(first[i][c], second[i][c], v.weight);
}

/// Output pixels [begin, end) of the rectangle's axis whose centres lie within [first, first + size) of the picture.
struct Inside {
  int begin;
  int end;
};
Inside inside(int start, int count, double scale, int first, int size) {
  Inside range{0, count};
  while (range.begin < range.end && (0.5 + start + range.begin) / scale < first) ++range.begin;
  while (range.end > range.begin && (-0.5 + start + range.end) / scale >= first + size) --range.end;
  return range;
}

float* row_of(Map& map, int row) {
  return map.values.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(map.width);
}

void render_start(const Map& start, Rectangle rectangle, double scale, Map& map) {
  const Inside rows = inside(rectangle.y, rectangle.height, scale, 0, start.height);
  const Inside columns = inside(rectangle.x, rectangle.width, scale, 0, start.width);
  for (int j = rows.begin; j < rows.end; ++j)
    for (int i = columns.begin; i < columns.end; ++i)
      row_of(map, j)[i] = start.at(static_cast<int>((0.5 + rectangle.x + i) / scale),
                                   static_cast<int>((0.5 + rectangle.y + j) / scale));
}

void render_known(const Trimap& trimap, int width, int height, Rectangle rectangle, double scale, Map& map) {
  const Inside rows = inside(rectangle.y, rectangle.height, scale, 0, height);
  const Inside columns = inside(rectangle.x, rectangle.width, scale, 0, width);
  for (int j = rows.begin; j < rows.end; ++j)
    for (int i = columns.begin; i < columns.end; ++i)
      if (const auto known = known_alpha(trimap, static_cast<int>((0.5 + rectangle.x + i) / scale),
                                         static_cast<int>((0.5 + rectangle.y + j) / scale)))
        row_of(map, j)[i] = *known;
}

/// The values of models in a frame, row by row of an output rectangle.
class ModelRows {
 public:
  ModelRows(const Picture& picture, const Frame& frame, std::span<const GuidedModel> models, Rectangle rectangle,
            double scale)
      : frame_(frame),
        models_(models),
        rectangle_(rectangle),
        scale_(scale),
        guide_(picture, scale),
        rows_(inside(rectangle.y, rectangle.height, scale, frame.box.y, frame.box.height)),
        columns_(inside(rectangle.x, rectangle.width, scale, frame.box.x, frame.box.width)) {
    const int model_columns = models.front().coefficients.cols;
    for (int i = columns_.begin; i < columns_.end; ++i) {
      at_.push_back(between(frame.u(x(i)), model_columns));
      guide_at_.push_back(guide_.column(x(i)));
    }
    row_models_.resize(static_cast<std::size_t>(model_columns));
  }
  ModelRows(const Answer::Data& data, Rectangle rectangle, double scale)
      : ModelRows(*data.picture, data.frame, data.models, rectangle, scale) {}

  [[nodiscard]] const Inside& rows() const { return rows_; }
  [[nodiscard]] const Inside& columns() const { return columns_; }
  /// Image pixels of an output pixel's centre.
  [[nodiscard]] double x(int column) const { return (0.5 + rectangle_.x + column) / scale_; }
  [[nodiscard]] double y(int row) const { return (0.5 + rectangle_.y + row) / scale_; }

  /// Writes model `index` at [columns().begin, columns().end) of row `j`.
  void evaluate(std::size_t index, int j, float* values) {
    const cv::Mat& coefficients = models_[index].coefficients;
    interpolate_models(coefficients, between(frame_.v(y(j)), coefficients.rows), row_models_);
    const Between guide_row = guide_.row(y(j));
    const cv::Vec3b* first = guide_.pixels(guide_row.first);
    const cv::Vec3b* second = guide_.pixels(guide_row.second);
    for (int i = columns_.begin; i < columns_.end; ++i) {
      const auto place = static_cast<std::size_t>(i - columns_.begin);
      const Between& at = at_[place];
      const cv::Vec4f& a = row_models_[static_cast<std::size_t>(at.first)];
      const cv::Vec4f& b = row_models_[static_cast<std::size_t>(at.second)];
      const cv::Vec3f colour = guide_.colour(guide_at_[place], first, second, guide_row.weight);
      float value = mix(a[3], b[3], at.weight);
      for (int c = 0; c < 3; ++c) value += mix(a[c], b[c], at.weight) * colour[c];
      values[i] = value;
    }
  }

  /// Adds a map of the frame's box in image pixels; not to a reduced view, which could not show it.
  void add(const cv::Mat& map, int j, float* values) const {
    if (scale_ < 1) return;
    const auto* const row = map.ptr<float>(static_cast<int>(y(j)) - frame_.box.y);
    for (int i = columns_.begin; i < columns_.end; ++i) values[i] += row[static_cast<int>(x(i)) - frame_.box.x];
  }

  /// Adds those of the corrections that are to model `index`.
  void correct(std::span<const Correction> corrections, std::size_t index, int j, float* values) const {
    for (const Correction& correction : corrections) {
      if (correction.model != index || std::abs(y(j) - correction.y) >= correction.radius) continue;
      for (int i = columns_.begin; i < columns_.end; ++i) values[i] += correction_at(correction, x(i), y(j));
    }
  }

 private:
  const Frame& frame_;
  std::span<const GuidedModel> models_;
  Rectangle rectangle_;
  double scale_;
  Guide guide_;
  Inside rows_;
  Inside columns_;
  std::vector<Between> at_;
  std::vector<Between> guide_at_;
  std::vector<cv::Vec4f> row_models_;
};

/// A close-up, row by row of an output rectangle.
class CloseUpRows {
 public:
  CloseUpRows(const Picture& picture, const CloseUpModel& close_up, Rectangle rectangle, double scale)
      : close_up_(close_up),
        rows_(picture, close_up.frame, std::span(&close_up.model, 1), rectangle, scale),
        values_(static_cast<std::size_t>(rectangle.width)) {}

  /// Puts what lies within `columns` of row `j` on top of `values`.
  void cover(int j, const Inside& columns, float* values) {
    if (j < rows_.rows().begin || j >= rows_.rows().end) return;
    rows_.evaluate(0, j, values_.data());
    const cv::Mat& share = close_up_.share;
    const Frame& frame = close_up_.frame;
    const auto on_share = [](double at, int size, int count) { return between(at * (count - 1) / (size - 1), count); };
    const Between v = on_share(frame.v(rows_.y(j)), frame.height, share.rows);
    const Inside own = rows_.columns();
    for (int i = std::max(own.begin, columns.begin); i < std::min(own.end, columns.end); ++i) {
      const Between u = on_share(frame.u(rows_.x(i)), frame.width, share.cols);
      const float weight = value_at(share.ptr<float>(), share.cols, u, v);
      values[i] = mix(values[i], values_[static_cast<std::size_t>(i)], weight);
    }
  }

 private:
  const CloseUpModel& close_up_;
  ModelRows rows_;
  std::vector<float> values_;
};

std::vector<CloseUpRows> close_up_rows(const Answer::Data& data, Rectangle rectangle, double scale) {
  std::vector<CloseUpRows> rows;
  rows.reserve(data.close_ups.size());
  for (const CloseUpModel& close_up : data.close_ups) rows.emplace_back(*data.picture, close_up, rectangle, scale);
  return rows;
}

/// segment, matte, depth. The map holds the start where there is one.
void render_value(const Answer::Data& data, ModelRows& rows, std::vector<CloseUpRows> close_ups, Map& map) {
  const bool is_change = data.task != Task::segment && data.start != nullptr;
  const float most = data.task == Task::depth ? std::numeric_limits<float>::max() : 1.0F;
  std::vector<float> start(is_change ? static_cast<std::size_t>(map.width) : 0);
  for (int j = rows.rows().begin; j < rows.rows().end; ++j) {
    float* const values = row_of(map, j);
    if (is_change) std::copy_n(values, map.width, start.begin());
    rows.evaluate(0, j, values);
    for (CloseUpRows& close_up : close_ups) close_up.cover(j, rows.columns(), values);
    for (int i = rows.columns().begin; i < rows.columns().end; ++i) {
      if (is_change) values[i] += start[static_cast<std::size_t>(i)];
      if (data.task == Task::segment) values[i] = decided(values[i]);  // corrections count from here
    }
    if (!data.detail.empty()) rows.add(data.detail, j, values);
    rows.correct(data.corrections, 0, j, values);
    for (int i = rows.columns().begin; i < rows.columns().end; ++i) values[i] = std::clamp(values[i], 0.0F, most);
  }
}

/// semantic: tells `set` for each row the scores of all classes found, [class][column].
template <class Set>
void render_classes(const Answer::Data& data, ModelRows& rows, const Map& map, Set set) {
  std::vector<std::vector<float>> scores(data.models.size(), std::vector<float>(static_cast<std::size_t>(map.width)));
  for (int j = rows.rows().begin; j < rows.rows().end; ++j) {
    for (std::size_t k = 0; k < scores.size(); ++k) {
      rows.evaluate(k, j, scores[k].data());
      rows.correct(data.corrections, k, j, scores[k].data());
    }
    for (int i = rows.columns().begin; i < rows.columns().end; ++i) set(i, j, scores);
  }
}

void render_models(const Answer::Data& data, Rectangle rectangle, double scale, Map& map) {
  ModelRows rows(data, rectangle, scale);
  if (data.task != Task::semantic) return render_value(data, rows, close_up_rows(data, rectangle, scale), map);
  render_classes(data, rows, map, [&](int i, int j, const std::vector<std::vector<float>>& scores) {
    std::size_t best = 0;
    for (std::size_t k = 1; k < scores.size(); ++k)
      if (scores[k][static_cast<std::size_t>(i)] > scores[best][static_cast<std::size_t>(i)]) best = k;
    row_of(map, j)[i] = static_cast<float>(data.classes[best]);
  });
}

Map empty_map(Rectangle rectangle) {
  return {rectangle.width, rectangle.height,
          std::vector<float>(static_cast<std::size_t>(rectangle.width) * static_cast<std::size_t>(rectangle.height))};
}

}  // namespace

Map render_map(const Answer::Data& data, Rectangle rectangle, double scale) {
  Map map = empty_map(rectangle);
  if (data.start) render_start(*data.start, rectangle, scale, map);  // stays outside the frame
  if (!data.models.empty()) render_models(data, rectangle, scale, map);
  if (data.trimap) render_known(*data.trimap, data.picture->width(), data.picture->height(), rectangle, scale, map);
  return map;
}

Map render_class_map(const Answer::Data& data, std::span<const int> wanted, Rectangle rectangle, double scale) {
  Map map = empty_map(rectangle);
  std::vector<bool> is_wanted;
  for (const int one : data.classes) is_wanted.push_back(std::ranges::contains(wanted, one));
  if (!std::ranges::contains(is_wanted, true)) return map;
  ModelRows rows(data, rectangle, scale);
  render_classes(data, rows, map, [&](int i, int j, const std::vector<std::vector<float>>& scores) {
    // the strongest of either side: 0.5 where the label changes sides, no seam between two wanted classes
    float own = 0;
    float others = 0;
    for (std::size_t k = 0; k < scores.size(); ++k) {
      float& side = is_wanted[k] ? own : others;
      side = std::max(side, scores[k][static_cast<std::size_t>(i)]);
    }
    row_of(map, j)[i] = own + others > 0 ? decided(own / (own + others)) : 0;
  });
  return map;
}

}  // namespace gbrs
