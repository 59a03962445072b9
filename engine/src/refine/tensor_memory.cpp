// SPDX-License-Identifier: Apache-2.0
#include "refine/tensor_memory.hpp"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <unordered_map>
#include <vector>

namespace gbrs {
namespace {

/// Smaller blocks are left to the system's allocator, which keeps them itself.
constexpr std::size_t kSmallestKept = std::size_t{64} << 10;
/// Blocks are rounded up to this, so that sizes meet again.
constexpr std::size_t kGranule = std::size_t{64} << 10;
/// What is kept for later at most; a frame of 449 x 337 needs about 60 MB.
constexpr std::size_t kMostKept = std::size_t{256} << 20;

class KeepingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t bytes) override {
    void* data = take(bytes);
    return {data, data, &give_back, c10::Device(c10::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }
  void copy_data(void* to, const void* from, std::size_t count) const override { std::memcpy(to, from, count); }

  static KeepingAllocator& instance() {
    static auto* allocator = new KeepingAllocator;  // never destroyed: tensors may outlive every order of exit
    return *allocator;
  }

 private:
  /// In front of every block, as long as torch's alignment.
  struct Header {
    std::size_t bytes;  ///< of the block without the header; 0: not to be kept
  };
  static constexpr std::size_t kHeaderBytes = 64;
  static_assert(sizeof(Header) <= kHeaderBytes);

  void* take(std::size_t bytes) {
    if (bytes == 0) return nullptr;
    const bool is_kept = bytes >= kSmallestKept;
    if (is_kept) {
      bytes = (bytes + kGranule - 1) / kGranule * kGranule;
      const std::lock_guard lock(mutex_);
      std::vector<void*>& blocks = free_[bytes];
      if (!blocks.empty()) {
        void* data = blocks.back();
        blocks.pop_back();
        kept_ -= bytes;
        return data;
      }
    }
    auto* block = static_cast<std::byte*>(c10::alloc_cpu(bytes + kHeaderBytes));  // throws when there is none
    new (block) Header{is_kept ? bytes : 0};
    return block + kHeaderBytes;
  }

  static void give_back(void* data) {
    if (data == nullptr) return;
    std::byte* block = static_cast<std::byte*>(data) - kHeaderBytes;
    const std::size_t bytes = reinterpret_cast<Header*>(block)->bytes;
    if (bytes == 0 || !instance().keep(data, bytes)) c10::free_cpu(block);
  }

  bool keep(void* data, std::size_t bytes) noexcept {
    if (bytes > kMostKept) return false;
    const std::lock_guard lock(mutex_);
    if (kept_ + bytes > kMostKept) drop_all();  // sizes of an earlier frame, which would never be asked for again
    try {
      free_[bytes].push_back(data);
    } catch (const std::bad_alloc&) {
      return false;
    }
    kept_ += bytes;
    return true;
  }

  void drop_all() noexcept {
    for (const auto& [bytes, blocks] : free_) {
      for (void* data : blocks) c10::free_cpu(static_cast<std::byte*>(data) - kHeaderBytes);
    }
    free_.clear();
    kept_ = 0;
  }

  std::mutex mutex_;
  std::unordered_map<std::size_t, std::vector<void*>> free_;  // by size
  std::size_t kept_ = 0;
};

}  // namespace

void keep_tensor_memory() {
  static const bool is_set = [] {
    c10::SetCPUAllocator(&KeepingAllocator::instance());
    return true;
  }();
  static_cast<void>(is_set);
}

}  // namespace gbrs
