// SPDX-License-Identifier: Apache-2.0
#include "evaluation/plot.hpp"

#include <algorithm>
#include <array>
#include <format>

namespace gbrs {
namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 400;
constexpr double kLeft = 60;
constexpr double kRight = kWidth - 20;
constexpr double kTop = 20;
constexpr double kBottom = kHeight - 50;
constexpr std::array kColours{"#0072b2", "#d55e00", "#009e73",
                              "#cc79a7", "#56b4e9", "#000000"};  // Okabe and Ito: told apart by everyone

/// The values' axis, from 0 to a power of ten.
struct Vertical {
  double top = 1;
  int digits = 1;

  explicit Vertical(std::span<const PlotLine> lines) {
    double most = 0;
    for (const PlotLine& line : lines) most = std::max(most, std::ranges::max(line.values));
    for (constexpr int kMost = 9; most <= top / 10 && digits < kMost; ++digits) top /= 10;
  }
  [[nodiscard]] double operator()(double value) const { return kBottom - value / top * (kBottom - kTop); }
  [[nodiscard]] std::string name(double value) const { return std::format("{:.{}f}", value, digits); }
};

class Horizontal {
 public:
  explicit Horizontal(std::size_t points) : step_((kRight - kLeft) / static_cast<double>(points - 1)) {}
  [[nodiscard]] double operator()(std::size_t click) const { return kLeft + step_ * static_cast<double>(click); }

 private:
  double step_;
};

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else
      result += c;
  }
  return result;
}

std::string axes(std::size_t points, const Horizontal& place_x, const Vertical& place_y, const std::string& label) {
  std::string svg = R"(<g stroke="#ddd" fill="none">)";
  for (int i = 0; i <= 10; i += 2)
    svg += std::format("<path d=\"M{:.1f} {:.1f}H{:.1f}\"/>", kLeft, place_y(i * place_y.top / 10), kRight);
  svg += "</g>\n<g text-anchor=\"end\">";
  for (int i = 0; i <= 10; i += 2)
    svg += std::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", kLeft - 8, place_y(i * place_y.top / 10) + 4,
                       place_y.name(i * place_y.top / 10));
  svg += "</g>\n<g text-anchor=\"middle\">";
  const std::size_t step = std::max<std::size_t>(1, (points - 1 + 9) / 10);  // about ten marks
  for (std::size_t i = 0; i < points; i += step)
    svg += std::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", place_x(i), kBottom + 18, i);
  svg += std::format("<text x=\"{:.1f}\" y=\"{:.1f}\">clicks</text>", (kLeft + kRight) / 2, kHeight - 12);
  svg += std::format("<text transform=\"translate(16 {:.1f}) rotate(-90)\">{}</text></g>\n", (kTop + kBottom) / 2,
                     escaped(label));
  return svg + std::format("<path d=\"M{:.1f} {:.1f}V{:.1f}H{:.1f}\" stroke=\"#444\" fill=\"none\"/>\n", kLeft, kTop,
                           kBottom, kRight);
}

std::string drawn(const PlotLine& line, std::size_t number, const Horizontal& place_x, const Vertical& place_y) {
  const char* colour = kColours[number % kColours.size()];
  std::string points;
  for (std::size_t i = 0; i < line.values.size(); ++i)
    points += std::format("{}{:.1f},{:.1f}", i == 0 ? "" : " ", place_x(i), place_y(line.values[i]));
  const double y = kBottom - 14 - 20 * static_cast<double>(number);
  return std::format("<polyline points=\"{}\" stroke=\"{}\" stroke-width=\"2\" fill=\"none\"/>\n", points, colour) +
         std::format(
             "<path d=\"M{0:.1f} {1:.1f}h24\" stroke=\"{2}\" stroke-width=\"2\"/>"
             "<text x=\"{3:.1f}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>\n",
             kRight - 30, y - 4, colour, kRight - 38, y, escaped(line.name));
}

}  // namespace

std::string click_plot(std::span<const PlotLine> lines, const std::string& label) {
  const std::size_t points =
      std::ranges::max(lines, {}, [](const PlotLine& line) { return line.values.size(); }).values.size();
  const Horizontal place_x(points);
  const Vertical place_y(lines);
  std::string svg = std::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
      kWidth, kHeight);
  svg += axes(points, place_x, place_y, label);
  for (std::size_t i = 0; i < lines.size(); ++i) svg += drawn(lines[i], i, place_x, place_y);
  return svg + "</svg>\n";
}

}  // namespace gbrs
