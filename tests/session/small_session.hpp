// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sessions of the shipped model on small frames.

#include <gtest/gtest.h>

#include "session/pictures.hpp"

namespace gbrs::test {

inline const Model& model() {
  static const SmallFrameModel instance(129);
  return *instance;
}

inline Session open(const DiscPicture& picture, SessionOptions options = {}) {
  auto session = Session::create(model(), picture.view(), std::move(options));
  EXPECT_TRUE(session) << session.error().message;
  return std::move(*session);
}

}  // namespace gbrs::test
