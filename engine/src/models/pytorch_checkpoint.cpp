// SPDX-License-Identifier: Apache-2.0
#include "models/pytorch_checkpoint.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "models/pickle.hpp"
#include "models/refusal.hpp"
#include "models/zip_archive.hpp"

namespace gbrs {
namespace {

using Bytes = std::span<const std::byte>;
using Kind = PickleObject::Kind;
using Tensor = TensorFile::Tensor;

/// The bytes of each storage, by its key.
using Storages = std::map<std::string, Bytes, std::less<>>;

constexpr std::size_t kMaxDimensions = 16;
constexpr int kMaxLevels = 4;  // of dictionaries around the tensors

std::unexpected<Error> damaged(std::string_view name, std::string_view cause) {
  return refusal(ErrorCode::damaged, name, "a complete PyTorch checkpoint", cause);
}

std::unexpected<Error> big_endian(std::string_view name) {
  return refusal(ErrorCode::unsupported, name, "a little-endian checkpoint", "its numbers are in big-endian order");
}

bool is_plain(char c) { return c > ' ' && c < '\x7f'; }

std::unexpected<Error> foreign(std::string_view name, const PickleObject& object) {
  constexpr std::size_t kEnough = 200;  // of a text that may be as long as the file
  std::string called(object.text.substr(0, kEnough));
  std::ranges::replace(called, '\n', '.');
  return refusal(ErrorCode::unsupported, name, "a checkpoint of tensors",
                 "it holds " + in_quotes(called) + ", which would have to be run; nothing of it was run");
}

// ---- from objects to tensors ----

/// The dictionary of tensors, or what is there in its place.
const PickleObject& state_of(const Pickle& pickle) {
  const PickleObject* state = &pickle.root();
  for (int level = 0; level < kMaxLevels; ++level) {
    const PickleObject* inner = nullptr;
    for (const std::string_view member : {"state_dict", "model"}) {
      const PickleObject* const found = pickle.find(*state, member);
      if (inner == nullptr && found != nullptr && found->kind != Kind::tensor) inner = found;
    }
    if (inner == nullptr) break;
    state = inner;
  }
  return *state;
}

/// Whole numbers of a tuple or list; none where something else is among them.
std::optional<std::vector<std::int64_t>> numbers_of(const Pickle& pickle, const PickleObject& object) {
  if (object.kind != Kind::tuple && object.kind != Kind::list) return std::nullopt;
  if (object.items.size() > kMaxDimensions) return std::nullopt;
  std::vector<std::int64_t> numbers;
  for (const std::uint32_t item : object.items) {
    if (pickle[item].kind != Kind::integer || !pickle[item].text.empty() || pickle[item].number < 0)
      return std::nullopt;
    numbers.push_back(pickle[item].number);
  }
  return numbers;
}

/// How many values of its storage the tensor needs, from `first` on; none: more than any storage has.
std::optional<std::uint64_t> reach_of(const Tensor& tensor, std::uint64_t first, std::uint64_t available) {
  std::uint64_t last = first;
  std::uint64_t count = 1;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    const auto length = static_cast<std::uint64_t>(tensor.shape[i]);
    const auto stride = static_cast<std::uint64_t>(tensor.strides[i]);
    if (length == 0) return first;
    if (length > available || count > available / length) return std::nullopt;  // a value may not serve twice
    count *= length;
    if (stride != 0 && length - 1 > available / stride) return std::nullopt;
    last += (length - 1) * stride;
    if (last >= available) return std::nullopt;
  }
  return last + 1;
}

/// What is wrong with the tensor; none: it is filled in.
std::optional<std::string> fill(Tensor& tensor, const Pickle& pickle, const PickleObject& object, Bytes file,
                                const Storages& storages) {
  const PickleObject& storage = pickle[object.items[0]];
  const PickleObject& offset = pickle[object.items[1]];
  auto shape = numbers_of(pickle, pickle[object.items[2]]);
  auto strides = numbers_of(pickle, pickle[object.items[3]]);
  if (storage.kind != Kind::storage || offset.kind != Kind::integer || offset.number < 0 || !shape || !strides ||
      !offset.text.empty() || shape->size() != strides->size() || storage.number < 0 || storage.first < 0) {
    return "a size, place or stride that makes no sense";
  }
  tensor.type = storage.type;
  tensor.shape = std::move(*shape);
  tensor.strides = std::move(*strides);
  const auto data = storages.find(storage.text);
  if (data == storages.end()) return "no data";
  const std::size_t available = data->second.size() / size_of(tensor.type);
  const auto first = static_cast<std::uint64_t>(storage.first);
  const auto count = static_cast<std::uint64_t>(storage.number);
  if (first > available || count > available - first) return "less data than it says";
  const auto reach = reach_of(tensor, static_cast<std::uint64_t>(offset.number), count);
  if (!reach || *reach > count) return "less data than its size needs";
  tensor.begin = static_cast<std::size_t>(data->second.data() - file.data()) +
                 (first + static_cast<std::uint64_t>(offset.number)) * size_of(tensor.type);
  for (std::size_t i = 0; i < tensor.shape.size(); ++i)
    if (tensor.shape[i] <= 1) tensor.strides[i] = 0;  // nobody steps along it: it may be any number
  return std::nullopt;
}

std::string without_prefix(std::string_view name) {
  constexpr std::string_view kPrefix = "module.";
  return std::string(name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name);
}

Expected<std::vector<Tensor>> tensors_of(const Pickle& pickle, Bytes file, const Storages& storages,
                                         std::string_view name) {
  const PickleObject& state = state_of(pickle);
  if (state.kind == Kind::foreign) return foreign(name, state);
  std::vector<Tensor> tensors;
  std::set<std::string> names;
  std::uint64_t total = 0;
  for (std::size_t i = 0; state.kind == Kind::dictionary && i + 1 < state.items.size(); i += 2) {
    const PickleObject& key = pickle[state.items[i]];
    const PickleObject& value = pickle[state.items[i + 1]];
    if (key.kind != Kind::text || value.kind != Kind::tensor) continue;  // counters and settings
    constexpr std::size_t kMaxNameBytes = 1000;
    if (key.text.empty() || key.text.size() > kMaxNameBytes || key.text == "__metadata__" ||
        !std::ranges::all_of(key.text, is_plain)) {
      return damaged(name, "a tensor has a name that no network has");
    }
    Tensor tensor{.name = without_prefix(key.text), .shape = {}, .strides = {}};
    if (const auto fault = fill(tensor, pickle, value, file, storages)) {
      return damaged(name, "its tensor " + in_quotes(tensor.name) + " has " + *fault);
    }
    std::uint64_t size = size_of(tensor.type);
    for (const std::int64_t length : tensor.shape) size *= static_cast<std::uint64_t>(length);
    total += size;                             // fill() has bounded each by its storage
    constexpr std::uint64_t kMostSharing = 4;  // tied weights are there twice
    if (total > kMostSharing * file.size()) return damaged(name, "its tensors share their data too often");
    if (!names.insert(tensor.name).second)
      return damaged(name, "its tensor " + in_quotes(tensor.name) + " is there twice");
    tensors.push_back(std::move(tensor));
  }
  if (tensors.empty()) {
    return refusal(ErrorCode::unsupported, name, "a checkpoint of tensors",
                   "it has none at its top, nor in state_dict or model");
  }
  return tensors;
}

// ---- the containers ----

Expected<std::vector<Tensor>> read_zip(Bytes bytes, std::string_view name) {
  const auto archive = ZipArchive::open(bytes, name);
  if (!archive) return std::unexpected(archive.error());
  constexpr std::string_view kPickle = "/data.pkl";
  std::string folder;
  for (const auto& [entry, data] : archive->entries()) {
    if (!entry.ends_with(kPickle) || entry.find('/') != entry.size() - kPickle.size()) continue;
    if (!folder.empty()) return damaged(name, "it has two pickles");
    folder = entry.substr(0, entry.size() - kPickle.size());
  }
  if (folder.empty()) return damaged(name, "it has no data.pkl");
  const auto byte_order = archive->entries().find(folder + "/byteorder");
  if (byte_order != archive->entries().end() && !byte_order->second.empty() &&
      byte_order->second[0] == std::byte{'b'}) {
    return big_endian(name);
  }
  Storages storages;
  const std::string prefix = folder + "/data/";
  for (const auto& [entry, data] : archive->entries()) {
    if (entry.starts_with(prefix)) storages.emplace(entry.substr(prefix.size()), data);
  }
  const auto pickle = Pickle::read(archive->entries().at(folder + std::string(kPickle)), name);
  if (!pickle) return std::unexpected(pickle.error());
  return tensors_of(*pickle, bytes, storages, name);
}

/// Reads one pickle after the other.
class Stream {
 public:
  Stream(Bytes bytes, std::string_view name) : bytes_(bytes), name_(name) {}

  Expected<Pickle> next() {
    auto pickle = Pickle::read(bytes_.subspan(at_), name_);
    if (pickle) at_ += pickle->size();
    return pickle;
  }
  std::optional<std::uint64_t> number() {
    constexpr std::size_t kBytes = 8;
    if (bytes_.size() - at_ < kBytes) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = kBytes; i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(bytes_[at_ + i]);
    at_ += kBytes;
    return value;
  }
  std::optional<Bytes> take(std::uint64_t count, std::size_t size) {
    if (count > (bytes_.size() - at_) / size) return std::nullopt;
    const Bytes part = bytes_.subspan(at_, count * size);
    at_ += part.size();
    return part;
  }
  [[nodiscard]] bool is_at_end() const { return at_ == bytes_.size(); }

 private:
  Bytes bytes_;
  std::string_view name_;
  std::size_t at_ = 0;
};

bool is_magic(const PickleObject& object) {
  constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
  return object.kind == Kind::integer && object.text == kMagic;
}

/// What the storages of each key have for values.
std::map<std::string_view, DataType> types_of(const Pickle& pickle, std::size_t count) {
  std::map<std::string_view, DataType> types;
  for (std::size_t i = 0; i < count; ++i) {
    const PickleObject& object = pickle[static_cast<std::uint32_t>(i)];
    if (object.kind == Kind::storage) types.emplace(object.text, object.type);
  }
  return types;
}

Expected<std::vector<Tensor>> read_stream(Bytes bytes, std::string_view name) {
  Stream stream(bytes, name);
  const auto magic = stream.next();
  if (!magic) return std::unexpected(magic.error());
  if (magic->root().kind == Kind::foreign) return foreign(name, magic->root());
  if (!is_magic(magic->root())) return damaged(name, "it does not begin as one does");
  const auto protocol = stream.next();
  if (!protocol) return std::unexpected(protocol.error());
  const auto system = stream.next();
  if (!system) return std::unexpected(system.error());
  const PickleObject* const is_little = system->find(system->root(), "little_endian");
  if (is_little != nullptr && is_little->number == 0) {
    return big_endian(name);
  }
  const auto pickle = stream.next();
  if (!pickle) return std::unexpected(pickle.error());
  const auto keys = stream.next();
  if (!keys) return std::unexpected(keys.error());
  const auto types = types_of(*pickle, pickle->count());
  Storages storages;
  for (const std::uint32_t item : keys->root().items) {
    const PickleObject& key = (*keys)[item];
    const auto type = types.find(key.text);
    const auto count = stream.number();
    if (key.kind != Kind::text || type == types.end() || !count) return damaged(name, "its list of data is damaged");
    const auto data = stream.take(*count, size_of(type->second));
    if (!data) return damaged(name, "it ends before its data does");
    storages.emplace(key.text, *data);
  }
  if (!stream.is_at_end()) return damaged(name, "something follows its data");
  return tensors_of(*pickle, bytes, storages, name);
}

}  // namespace

Expected<std::vector<Tensor>> read_pytorch_checkpoint(Bytes bytes, std::string_view name) {
  return ZipArchive::looks_like_zip(bytes) ? read_zip(bytes, name) : read_stream(bytes, name);
}

}  // namespace gbrs
