// SPDX-License-Identifier: Apache-2.0
#pragma once

// The public headers, in the order in which they are met:
//
//   error.hpp    Error, Expected<T>: how expected failures are returned
//   image.hpp    ImageView, Map, Rectangle: pixels in and out
//   task.hpp     Task: what a network predicts
//   click.hpp    Click and its written form
//   step.hpp     Step: clicks, a stroke or a box; and its written form
//   model.hpp    Model: a pretrained network, found by name
//   method.hpp   MethodOptions: what the paper leaves open, by written form
//   trimap.hpp   Trimap: what is known of a matte
//   session.hpp  Session: picture + history of clicks -> answers
//   answer.hpp   Answer: the map on demand, verdicts on the clicks, times
//   version.hpp  version of the headers and of the library
//   matting.hpp  colours without background; not included here
//   training.hpp train(): for programs that make models; not included here
//   baseline.hpp  Baseline: BRS and f-BRS as published, to compare with; not included here
//   weights_file.hpp, script_file.hpp  models of checkpoints and of TorchScript modules; not included here
//
// Standard library types only. Link with -lgbrs; libtorch is loaded when a model is.

#include "gbrs/answer.hpp"
#include "gbrs/click.hpp"
#include "gbrs/error.hpp"
#include "gbrs/image.hpp"
#include "gbrs/method.hpp"
#include "gbrs/model.hpp"
#include "gbrs/session.hpp"
#include "gbrs/step.hpp"
#include "gbrs/task.hpp"
#include "gbrs/trimap.hpp"
#include "gbrs/version.hpp"
