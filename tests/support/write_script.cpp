// SPDX-License-Identifier: Apache-2.0
// usage: write-script FILE ANSWERS [COLOURS] < METHODS
// For tests that are no C++ programs: the module of script_module.hpp with the methods on standard input, or the tiny
// ones where there is nothing.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <iterator>

#include "support/script_module.hpp"

int main(int count, char** values) {
  if (count < 3) return 2;
  const std::string methods{std::istreambuf_iterator<char>(std::cin), {}};
  try {
    gbrs::test::write_script(values[1], methods.empty() ? gbrs::test::kTinyMethods : methods, std::atoi(values[2]),
                             count > 3 ? std::atoi(values[3]) : 3);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
