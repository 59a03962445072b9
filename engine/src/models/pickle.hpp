// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reader of Python pickles of any origin that takes data out of them and never runs anything: numbers, texts, tuples,
// lists, dictionaries, and PyTorch's tensors with the storages that they lie in. Whatever else a pickle would have
// Python make or call becomes an object of kind `foreign` with its name, which nobody looks into.
// Source: pickletools of Python's standard library (what each opcode does), torch/serialization.py and torch/_utils.py
// (what the calls mean).

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gbrs/error.hpp"
#include "models/safetensors.hpp"

namespace gbrs {

/// An object of a pickle. Objects name each other by their number in the pickle, so that a list may hold itself.
struct PickleObject {
  enum class Kind {
    none,
    boolean,     ///< number
    integer,     ///< number; those beyond 64 bits: text, their bytes, little endian
    real,        ///< of no interest here: no value
    text,        ///< text
    tuple,       ///< items
    list,        ///< items
    dictionary,  ///< items: key, value, key, value …
    function,    ///< text, "module name": one of those known here
    storage,     ///< text: its key; type; number: how many values; first: where they begin in the storage of that key
    tensor,      ///< items: storage, first value, sizes, strides
    foreign,     ///< text, "module name": something that is not data
  };
  Kind kind = Kind::none;
  DataType type = DataType::f32;
  std::int64_t number = 0;
  std::int64_t first = 0;
  std::string_view text;
  std::vector<std::uint32_t> items;
};

class Pickle {
 public:
  /// At most so many objects and bytes, thirty times what the largest published networks have: some 40 MB of memory.
  static constexpr std::size_t kMaxObjects = 300'000;
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 24;

  /// Reads one pickle from the start of the bytes, which must outlive it. Errors: damaged; the sentence names `name`,
  /// what is wrong, and where.
  static Expected<Pickle> read(std::span<const std::byte> bytes, std::string_view name);

  [[nodiscard]] const PickleObject& root() const { return objects_[root_]; }
  [[nodiscard]] const PickleObject& operator[](std::uint32_t number) const { return objects_[number]; }
  [[nodiscard]] std::size_t count() const { return objects_.size(); }
  /// Bytes that it took.
  [[nodiscard]] std::size_t size() const { return size_; }
  /// The value of a dictionary's key; null: none, or no dictionary.
  [[nodiscard]] const PickleObject* find(const PickleObject& dictionary, std::string_view key) const;

 private:
  friend class PickleMachine;
  std::deque<PickleObject> objects_;
  std::uint32_t root_ = 0;
  std::size_t size_ = 0;
};

}  // namespace gbrs
