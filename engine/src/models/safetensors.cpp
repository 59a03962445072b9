// SPDX-License-Identifier: Apache-2.0
#include "models/safetensors.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "models/refusal.hpp"

namespace gbrs {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMaxDimensions = 16;                // far more than any network's; bounds what one entry may hold
constexpr std::size_t kMaxNameBytes = 1000;               // names stand in messages
constexpr std::size_t kMaxExtent = std::size_t{1} << 48;  // values of one tensor; times 8 bytes it still counts

constexpr std::array<std::pair<std::string_view, DataType>, 10> kTypes{{{"F64", DataType::f64},
                                                                        {"F32", DataType::f32},
                                                                        {"F16", DataType::f16},
                                                                        {"BF16", DataType::bf16},
                                                                        {"I64", DataType::i64},
                                                                        {"I32", DataType::i32},
                                                                        {"I16", DataType::i16},
                                                                        {"I8", DataType::i8},
                                                                        {"U8", DataType::u8},
                                                                        {"BOOL", DataType::boolean}}};

/// Reads the header event by event and stops at the first thing that has no place in it: no document is
/// built, so deep nesting and endless lists cost nothing.
class HeaderReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<TensorEntry> entries;
  std::map<std::string, std::string> metadata;
  std::string problem;

  bool start_object(std::size_t) override {
    if (place_ == Place::start) return go(Place::names);
    if (place_ == Place::name) return go(is_metadata_ ? Place::metadata : Place::members);
    return refuse("an object where none belongs");
  }
  bool end_object() override {
    if (place_ == Place::names) return go(Place::end);
    if (place_ == Place::metadata) return go(Place::names);
    if (place_ != Place::members) return refuse("an incomplete entry");
    if (!has_type_ || !has_shape_ || !has_offsets_) return refuse("a tensor without dtype, shape or data_offsets");
    if (offsets_.size() != 2) return refuse("data_offsets that are not two numbers");
    entry_.begin = offsets_[0];
    entry_.end = offsets_[1];
    entries.push_back(std::move(entry_));
    return go(Place::names);
  }
  bool key(std::string& name) override {
    if (place_ == Place::names) return start_entry(name);
    if (place_ == Place::metadata) {
      metadata_name_ = name;
      return go(Place::metadata_value);
    }
    if (name == "dtype" && !has_type_) return go(Place::type);
    if (name == "shape" && !has_shape_) return go(Place::shape);
    if (name == "data_offsets" && !has_offsets_) return go(Place::offsets);
    return refuse("an unknown or repeated member");
  }
  bool string(std::string& text) override {
    if (place_ == Place::metadata_value) {
      metadata.insert_or_assign(metadata_name_, std::move(text));
      return go(Place::metadata);
    }
    if (place_ != Place::type) return refuse("a text where none belongs");
    const auto found = std::ranges::find(kTypes, std::string_view(text), &std::pair<std::string_view, DataType>::first);
    if (found == kTypes.end()) return refuse("an unknown type of values");
    entry_.type = found->second;
    has_type_ = true;
    return go(Place::members);
  }
  bool start_array(std::size_t) override {
    if (place_ == Place::shape) return go(Place::shape_numbers);
    if (place_ == Place::offsets) return go(Place::offset_numbers);
    return refuse("a list where none belongs");
  }
  bool number_unsigned(std::uint64_t number) override {
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return refuse("a number too large");
    if (place_ == Place::shape_numbers && entry_.shape.size() < kMaxDimensions) {
      entry_.shape.push_back(static_cast<std::int64_t>(number));
      return true;
    }
    if (place_ == Place::offset_numbers && offsets_.size() < 2) {
      offsets_.push_back(number);
      return true;
    }
    return refuse("a number where none belongs");
  }
  bool end_array() override {
    (place_ == Place::shape_numbers ? has_shape_ : has_offsets_) = true;
    return go(Place::members);
  }
  bool null() override { return refuse("null"); }
  bool boolean(bool) override { return refuse("a truth value"); }
  bool number_integer(std::int64_t) override { return refuse("a negative number"); }
  bool number_float(double, const std::string&) override { return refuse("a number that is not whole"); }
  bool binary(nlohmann::json::binary_t&) override { return refuse("binary data"); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
    return refuse("no valid JSON");
  }

 private:
  enum class Place {
    start,
    names,
    name,
    members,
    type,
    shape,
    shape_numbers,
    offsets,
    offset_numbers,
    metadata,
    metadata_value,
    end
  };

  bool go(Place place) {
    place_ = place;
    return true;
  }
  bool refuse(std::string_view what) {
    problem = what;
    if (!entry_.name.empty() && place_ != Place::names) problem += " at tensor " + in_quotes(entry_.name);
    return false;
  }
  bool start_entry(const std::string& name) {
    if (name.size() > kMaxNameBytes) return refuse("a name too long");
    if (!names_.insert(name).second) return refuse("the name " + in_quotes(name) + " twice");
    is_metadata_ = name == "__metadata__";
    entry_ = {};
    entry_.name = name;
    offsets_.clear();
    has_type_ = has_shape_ = has_offsets_ = false;
    return go(Place::name);
  }

  Place place_ = Place::start;
  bool is_metadata_ = false;
  std::string metadata_name_;
  bool has_type_ = false, has_shape_ = false, has_offsets_ = false;
  TensorEntry entry_;
  std::vector<std::size_t> offsets_;
  std::set<std::string> names_;
};

/// What is wrong with the entries for `data_size` bytes of data; sorts them by their data.
std::optional<std::string> find_fault(std::vector<TensorEntry>& entries, std::size_t data_size) {
  std::ranges::sort(entries, {}, [](const TensorEntry& entry) { return std::pair(entry.begin, entry.end); });
  std::size_t expected = 0;
  for (const TensorEntry& entry : entries) {
    if (entry.begin != expected) return "there is a gap or overlap before tensor " + in_quotes(entry.name);
    if (entry.end < entry.begin || entry.end > data_size)
      return "tensor " + in_quotes(entry.name) + " reaches beyond the file";
    std::size_t size = size_of(entry.type);
    std::size_t extent = 1;  // the size if empty dimensions had length 1: no product of lengths may overflow
    for (const std::int64_t length : entry.shape) {
      const auto factor = std::max<std::size_t>(static_cast<std::size_t>(length), 1);
      if (extent > kMaxExtent / factor) return "tensor " + in_quotes(entry.name) + " is larger than any file";
      extent *= factor;
      size *= static_cast<std::size_t>(length);
    }
    if (size != entry.end - entry.begin)
      return "the size of tensor " + in_quotes(entry.name) + " does not fit its shape";
    expected = entry.end;
  }
  if (expected != data_size) return "bytes are left that belong to no tensor";
  return std::nullopt;
}

std::unexpected<Error> damaged(std::string_view name, std::string_view cause) {
  return refusal(ErrorCode::damaged, name, "a complete safetensors file", cause);
}

std::size_t header_length(std::span<const std::byte> bytes) {
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) length = length << 8 | std::to_integer<std::uint64_t>(bytes[i]);
  return length;
}

/// What is wrong with the header's length in a file of so many bytes, at least those of the length.
std::optional<std::string_view> length_fault(std::size_t length, std::size_t file_size) {
  if (length > Safetensors::kMaxHeaderBytes) return "its header is too long";
  if (length > file_size - kLengthBytes) return "it ends before its header does";
  return std::nullopt;
}

/// What a header says.
Expected<HeaderReader> parse_header(std::span<const std::byte> header, std::size_t data_size, std::string_view name) {
  HeaderReader reader;
  const auto* text = reinterpret_cast<const char*>(header.data());
  if (!nlohmann::json::sax_parse(text, text + header.size(), &reader)) {
    return damaged(name, "its header has " + reader.problem);
  }
  if (auto fault = find_fault(reader.entries, data_size)) return damaged(name, "by its header " + *fault);
  return reader;
}

}  // namespace

std::size_t size_of(DataType type) {
  switch (type) {
    case DataType::f64:
    case DataType::i64:
      return 8;
    case DataType::f32:
    case DataType::i32:
      return 4;
    case DataType::f16:
    case DataType::bf16:
    case DataType::i16:
      return 2;
    case DataType::i8:
    case DataType::u8:
    case DataType::boolean:
      break;
  }
  return 1;
}

Expected<Safetensors> Safetensors::read(const std::filesystem::path& path) {
  const std::string name = path.string();
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status))
    return failure(ErrorCode::not_found, "There is no file " + name + ".", code.message());
  if (!std::filesystem::is_regular_file(status)) return failure(ErrorCode::io, name + " is not a file.");
  const std::uintmax_t size = std::filesystem::file_size(path, code);
  std::ifstream stream(path, std::ios::binary);
  if (code || !stream) return failure(ErrorCode::io, "The file " + name + " cannot be read.", code.message());

  Safetensors result;
  const auto read_up_to = [&](std::size_t end) {
    const std::size_t begin = result.bytes_.size();
    result.bytes_.resize(end);
    stream.read(reinterpret_cast<char*>(result.bytes_.data() + begin), static_cast<std::streamsize>(end - begin));
    return stream.good();
  };
  const auto cut_short = [&] { return failure(ErrorCode::io, "The file " + name + " could not be read to its end."); };

  if (size < kLengthBytes) return damaged(name, "it is shorter than its length field");
  if (!read_up_to(kLengthBytes)) return cut_short();
  const std::size_t length = header_length(result.bytes_);
  if (auto fault = length_fault(length, size)) return damaged(name, *fault);
  result.data_begin_ = kLengthBytes + length;
  if (!read_up_to(result.data_begin_)) return cut_short();
  auto header = parse_header(result.bytes().subspan(kLengthBytes), size - result.data_begin_, name);
  if (!header) return std::unexpected(header.error());
  result.entries_ = std::move(header->entries);
  result.metadata_ = std::move(header->metadata);
  if (!read_up_to(size)) return cut_short();
  return result;
}

Expected<Safetensors> Safetensors::parse(std::vector<std::byte> bytes, std::string_view name) {
  Safetensors result;
  result.bytes_ = std::move(bytes);
  if (result.bytes_.size() < kLengthBytes) return damaged(name, "it is shorter than its length field");
  const std::size_t length = header_length(result.bytes_);
  if (auto fault = length_fault(length, result.bytes_.size())) return damaged(name, *fault);
  result.data_begin_ = kLengthBytes + length;
  auto header =
      parse_header(result.bytes().subspan(kLengthBytes, length), result.bytes_.size() - result.data_begin_, name);
  if (!header) return std::unexpected(header.error());
  result.entries_ = std::move(header->entries);
  result.metadata_ = std::move(header->metadata);
  return result;
}

std::span<const std::byte> Safetensors::data(const TensorEntry& entry) const {
  return std::span(bytes_).subspan(data_begin_ + entry.begin, entry.end - entry.begin);
}

}  // namespace gbrs
