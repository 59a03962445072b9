// SPDX-License-Identifier: Apache-2.0
#include "evaluation/dataset_files.hpp"

#include <algorithm>
#include <filesystem>
#include <format>

namespace gbrs {
namespace {

constexpr std::string_view kSubfolder = "*/";

Expected<void> check_place(std::string_view what, const std::string& path) {
  if (!path.empty() && !std::filesystem::path(path).is_absolute()) return {};
  return failure(ErrorCode::invalid_argument,
                 std::format("The {} is not given relative to the folder of the data.", what));
}

Expected<void> check_name(std::string_view pattern) {
  const std::string_view name = pattern.substr(is_in_subfolders(pattern) ? kSubfolder.size() : 0);
  if (std::ranges::count(name, '*') == 1 && !name.contains('/')) return {};
  return failure(ErrorCode::invalid_argument,
                 std::format("The files' names \"{}\" do not have the form A*B or */A*B.", pattern));
}

}  // namespace

Expected<void> check_files(const DatasetFiles& files) {
  if (auto checked = check_place("folder of the images", files.images); !checked) return checked;
  if (auto checked = check_place("folder of the truths", files.truths); !checked) return checked;
  if (auto checked = check_place("list", files.list.empty() ? "." : files.list); !checked) return checked;
  if (auto checked = check_name(files.image_name); !checked) return checked;
  return check_name(files.truth_name);
}

bool is_in_subfolders(std::string_view pattern) { return pattern.starts_with(kSubfolder); }

std::optional<std::string> name_in(std::string_view pattern, std::string_view file) {
  const auto folder_end = file.rfind('/');
  if (std::ranges::count(file, '/') != (is_in_subfolders(pattern) ? 1 : 0)) return std::nullopt;
  if (is_in_subfolders(pattern)) pattern.remove_prefix(kSubfolder.size());
  if (folder_end != std::string_view::npos) file.remove_prefix(folder_end + 1);
  const auto star = pattern.find('*');
  const std::string_view begin = pattern.substr(0, star), end = pattern.substr(star + 1);
  std::string name = end.contains('.') ? std::string(file) : std::filesystem::path(file).stem().string();
  if (name.size() <= begin.size() + end.size() || !name.starts_with(begin) || !name.ends_with(end)) return std::nullopt;
  return name.substr(begin.size(), name.size() - begin.size() - end.size());
}

}  // namespace gbrs
