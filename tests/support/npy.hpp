// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the .npy files of the test data: little-endian float32, float64 or bytes, C order, any number of dimensions.

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace gbrs::test {

struct Npy {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};

inline Npy read_npy(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  constexpr std::size_t prefix = 10;  // magic, version 1.0, two bytes of header length
  if (bytes.size() < prefix || bytes.compare(0, 6, "\x93NUMPY") != 0)
    throw std::runtime_error(path.string() + " is no .npy");
  const std::size_t length = static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]);
  const std::string header = bytes.substr(prefix, length);
  const std::string data = bytes.substr(prefix + length);

  Npy result;
  const std::size_t open = header.find("'shape': (") + 10;
  std::istringstream numbers(header.substr(open, header.find(')', open) - open));
  for (std::string number; std::getline(numbers, number, ',');) {
    if (number.find_first_of("0123456789") != std::string::npos) result.shape.push_back(std::stoll(number));
  }
  const auto take = [&]<class Value>(const char* type) {
    if (header.find(type) == std::string::npos) return false;
    std::vector<Value> values(data.size() / sizeof(Value));
    std::memcpy(values.data(), data.data(), values.size() * sizeof(Value));
    result.values.assign(values.begin(), values.end());
    return true;
  };
  const bool is_known = take.operator()<double>("'<f8'") || take.operator()<float>("'<f4'") ||
                        take.operator()<std::int8_t>("'|i1'") || take.operator()<std::uint8_t>("'|u1'");
  if (!is_known) throw std::runtime_error(path.string() + ": type");
  return result;
}

}  // namespace gbrs::test
