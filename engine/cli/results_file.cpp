// SPDX-License-Identifier: Apache-2.0
#include "results_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <format>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "whole_file.hpp"

namespace gbrs::cli {
namespace {

using Json = nlohmann::json;

/// "layer (none, now bmconv)" for each key whose values differ.
std::string differences(const Json& before, const Json& now) {
  std::string text;
  Json keys = before;
  keys.update(now);
  for (const auto& [key, value] : keys.items()) {
    const Json old_value = before.value(key, Json());
    const Json new_value = now.value(key, Json());
    if (old_value == new_value) continue;
    text += std::format("{}{} ({}, now {})", text.empty() ? "" : ", ", key, old_value.dump(), new_value.dump());
  }
  return text;
}

std::unexpected<Error> damaged_file(const std::string& path, std::size_t line) {
  return failure(ErrorCode::damaged,
                 std::format("Line {} of {} cannot be read; --force begins the run anew.", line, path));
}

/// What a run's first line says; none: it is another line.
std::optional<Json> settings_of(const std::string& line) {
  constexpr std::string_view begin = "{\"settings\":";
  if (!line.starts_with(begin)) return std::nullopt;
  Json header = Json::parse(line, nullptr, false);
  if (!header.is_object() || !header["settings"].is_object()) return std::nullopt;
  return std::move(header["settings"]);
}

/// Gives `check` the settings that are told, at least in the first of the whole lines of `text`, and `take` the others.
Expected<void> take_lines(const std::string& path, std::string_view text, const ProgressFile::TakeLine& take,
                          const std::function<Expected<void>(const Json&)>& check) {
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    const std::string line(text.substr(begin, end - begin));
    begin = end + 1;
    ++number;
    if (const auto told = settings_of(line)) {
      if (auto checked = check(*told); !checked) return checked;
    } else if (number == 1 || !take(line)) {
      return damaged_file(path, number);
    }
  }
  return {};
}

/// Makes the folder of the results, or sees that it is one: files of the same names are replaced there.
Expected<void> claim(const std::filesystem::path& folder, const std::string& file) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return cannot_write("results", folder.string(), error.message());
  if (std::filesystem::exists(file, error) || std::filesystem::is_empty(folder, error)) return {};
  return failure(ErrorCode::invalid_argument,
                 std::format("The folder {} has other files than results: choose a new one.", folder.string()));
}

}  // namespace

ProgressFile::ProgressFile(ProgressFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), path_(std::move(other.path_)) {}

ProgressFile::~ProgressFile() {
  if (file_ >= 0) close(file_);
}

Expected<ProgressFile> ProgressFile::open(const std::filesystem::path& folder, const std::string& settings,
                                          bool is_fresh, const TakeLine& take) {
  const std::string path = (folder / "progress.jsonl").string();
  if (auto claimed = claim(folder, path); !claimed) return std::unexpected(claimed.error());
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file < 0) return cannot_write("results", path, std::strerror(errno));
  ProgressFile results(file, path);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) return cannot_write("results", path, "another run is writing there");
  if (is_fresh && ftruncate(file, 0) != 0) return cannot_write("results", path, std::strerror(errno));
  const auto text = read_text(path);
  if (!text) return std::unexpected(text.error());
  if (auto done = results.take_over(*text, settings, take); !done) return std::unexpected(done.error());
  std::error_code ignored;
  std::filesystem::remove(folder / "summary.json", ignored);  // its presence says that all is there
  return results;
}

Expected<void> ProgressFile::take_over(const std::string& text, const std::string& settings, const TakeLine& take) {
  const std::size_t whole = text.rfind('\n') + 1;  // npos + 1 = 0
  if (whole != text.size() && ftruncate(file_, static_cast<off_t>(whole)) != 0)
    return cannot_write("results", path_, std::strerror(errno));
  const Json now = Json::parse(settings);
  if (whole == 0) return append(Json{{"settings", now}}.dump());
  return take_lines(path_, std::string_view(text).substr(0, whole), take, [&](const Json& told) -> Expected<void> {
    if (told == now) return {};
    return failure(
        ErrorCode::invalid_argument,
        std::format("{} has results of other settings: {}; choose another folder, or --force to begin anew.", path_,
                    differences(told, now)));
  });
}

Expected<void> ProgressFile::read(const std::filesystem::path& folder, const TakeLine& take) {
  const std::string path = (folder / "progress.jsonl").string();
  const auto text = read_text(path);
  if (!text) return std::unexpected(text.error());
  const std::string_view whole = std::string_view(*text).substr(0, text->rfind('\n') + 1);
  return take_lines(path, whole, take, [](const Json&) { return Expected<void>(); });
}

Expected<void> ProgressFile::append(std::string line) {
  line += '\n';
  // one call: another process sees the whole line or nothing of it, unless the disk is full
  const ssize_t written = write(file_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) return {};
  return cannot_write("results", path_, written < 0 ? std::strerror(errno) : "the disk is full");
}

}  // namespace gbrs::cli
