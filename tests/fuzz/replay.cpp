// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over the files of its corpus and over hostile inputs too large to keep, and measures the memory:
// at most 16 MB (of checkpoints: 64 MB) beyond the input's size. Results as TAP.
// usage: replay CORPUS KIND       KIND: manifest, safetensors, checkpoint, pickle or zip

#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

namespace {

// What the process holds of the heap, and held at most since the last measurement began. One thread.
std::size_t held = 0;
std::size_t peak = 0;

std::size_t allowance = std::size_t{16} << 20;
int count = 0;
bool has_failed = false;

void report(bool is_good, const std::string& name) {
  std::printf("%s %d - %s\n", is_good ? "ok" : "not ok", ++count, name.c_str());
  has_failed |= !is_good;
}

void replay(const std::string& name, const std::string& input) {
  const std::size_t before = held;
  peak = held;
  // aborts where the target's own conditions do not hold
  LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(input.data()), input.size());
  const std::size_t used = peak - before;
  report(used <= input.size() + allowance,
         name + ": " + std::to_string(input.size()) + " bytes, " + std::to_string(used >> 10) + " KB of memory");
  if (held != before) report(false, name + " leaves memory behind");
}

std::string repeated(const std::string& text, std::size_t bytes) {
  std::string result;
  while (result.size() + text.size() <= bytes) result += text;
  return result;
}

/// A safetensors file with this header and no data.
std::string file_of(const std::string& header) {
  std::string file;
  for (unsigned i = 0; i < 8; ++i) file += static_cast<char>(header.size() >> (8 * i));
  return file + header;
}

/// Inputs that make much of each byte, at the largest sizes that are looked into and beyond.
void replay_large(bool is_manifest) {
  for (const std::size_t bytes : {std::size_t{64} << 10, std::size_t{1} << 20, std::size_t{8} << 20}) {
    const auto run = [&](const char* name, std::string text) {
      replay(std::string(name) + " of " + std::to_string(bytes >> 10) + " KB",
             is_manifest ? std::move(text) : file_of(text));
    };
    run("lists in lists", std::string(bytes, '['));
    run("objects in objects", repeated("{\"\":", bytes));
    run("small objects", "[" + repeated("{},", bytes - 3) + "{}]");
    run("numbers", "[" + repeated("1,", bytes - 3) + "1]");
    run("one text", "\"" + std::string(bytes - 2, 'a') + "\"");
    run("one name", "{\"" + std::string(bytes - 5, 'a') + "\":1}");
    run("one name's texts", "{\"__metadata__\":{\"a\":\"" + std::string(bytes - 26, 'a') + "\"}}");
    std::string names = "{\"__metadata__\":{\"\":\"\"";
    std::string tensors = "{\"x\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
    for (int i = 0; names.size() + 20 < bytes; ++i) names += ",\"" + std::to_string(i) + "\":\"\"";
    for (int i = 0; tensors.size() + 80 < bytes; ++i)
      tensors += ",\"" + std::to_string(i) + "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
    run("many texts", names + "}}");
    run("many tensors", tensors + "}");
    run("many tensors and a fault", tensors + ",\"x\":1}");
    run("many dimensions", "{\"x\":{\"dtype\":\"U8\",\"shape\":[" + repeated("1,", bytes - 80) + "1]}}");
  }
}

/// Pickles that make much of each byte.
void replay_large_pickles() {
  using namespace std::string_literals;
  for (const std::size_t bytes : {std::size_t{64} << 10, std::size_t{1} << 20, std::size_t{32} << 20}) {
    const auto run = [&](const char* name, const std::string& start, const std::string& part) {
      replay(std::string(name) + " of " + std::to_string(bytes >> 10) + " KB", "\x80\x02"s + start + repeated(part, bytes));
    };
    run("lists", "", "]");
    run("lists in lists", "", "](");
    run("marks", "", "(");
    run("numbers", "", "K\1");
    run("empty dictionaries", "", "}");
    run("one object again and again", "Nq\0"s, "h\0"s);
    run("one number in its own list", "]q\0"s, "h\0h\0a"s);
    run("memories", "N", "\x94");
    run("pairs", "", "NN\x86");
    run("dictionaries of a list", "ccollections\nOrderedDict\nq\0]q\1("s + repeated("NN\x86", bytes / 2) + "e",
        "h\0h\1\x85R"s);
    run("one text", "T\xff\xff\xff\x01"s, "a");
    run("long names", "c" + std::string(bytes / 2, 'a') + "\n", "b");
  }
}

/// An archive with as many entries as one can have, all of them the same empty one under other names.
void replay_large_archive() {
  constexpr unsigned kEntries = 65535, kHeaderBytes = 30;
  const auto number = [](std::size_t value, unsigned bytes) {
    std::string text;
    for (unsigned i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
    return text;
  };
  std::string file = "PK\3\4" + std::string(kHeaderBytes - 4, '\0');
  for (unsigned i = 0; i < kEntries; ++i) {
    const std::string name = std::to_string(i);
    file += "PK\1\2" + std::string(24, '\0') + number(name.size(), 2) + std::string(16, '\0') + name;
  }
  const std::size_t directory_bytes = file.size() - kHeaderBytes;
  file += "PK\5\6" + std::string(4, '\0') + number(kEntries, 2) + number(kEntries, 2) + number(directory_bytes, 4) +
          number(kHeaderBytes, 4) + number(0, 2);
  replay("an archive of many entries", file);
}

}  // namespace

// not inlined: the compiler would take malloc and delete, or new and free, for a pair
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* block = std::malloc(std::max<std::size_t>(size, 1));
  if (block == nullptr) throw std::bad_alloc();
  held += malloc_usable_size(block);
  peak = std::max(peak, held);
  return block;
}
[[gnu::noinline]] void operator delete(void* block) noexcept {
  held -= block != nullptr ? malloc_usable_size(block) : 0;
  std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept {
  held -= block != nullptr ? malloc_usable_size(block) : 0;
  std::free(block);
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string kind = argv[2];
  const bool is_of_json = kind == "manifest" || kind == "safetensors";
  if (!is_of_json) allowance = std::size_t{64} << 20;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) files.push_back(entry.path());
  std::ranges::sort(files);
  for (const auto& path : files) {
    std::ifstream stream(path, std::ios::binary);
    replay(path.filename().string(), {std::istreambuf_iterator<char>(stream), {}});
  }
  report(files.size() >= 20, "the corpus is there");
  if (is_of_json) replay_large(kind == "manifest");
  if (kind == "checkpoint" || kind == "pickle") replay_large_pickles();
  if (kind == "checkpoint" || kind == "zip") replay_large_archive();
  std::printf("1..%d\n", count);
  return has_failed ? 1 : 0;
}
