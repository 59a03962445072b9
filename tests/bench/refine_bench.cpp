// SPDX-License-Identifier: Apache-2.0
// What a click costs with models/segment-small on one thread at 449 x 337: encoding the frame, the first answer,
// one iteration with each layer. Medians of the processor's time, which other work on the machine lengthens less
// than the clock's. Usage: GBRS_MODELS=models bench-refine [REPETITIONS [THREADS]]
//
// 2026-11-24, 2 cores of a shared AMD EPYC with AVX-512: encode 32 ms, first answer 19 to 22; iteration sb 11.8, bmsb
// 12.7, bmsb-m 12.8, bmconv 15.3.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "gbrs/click.hpp"
#include "refine/backend.hpp"

extern "C" const gbrs::Backend* gbrs_backend();

namespace {

double processor_ms() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int repetitions = argc > 1 ? std::atoi(argv[1]) : 15;
  const int threads = argc > 2 ? std::atoi(argv[2]) : 1;
  const char* models = std::getenv("GBRS_MODELS");
  const auto manifest =
      gbrs::read_manifest(std::filesystem::path(models != nullptr ? models : "models") / "segment-small");
  if (!manifest) return std::puts(manifest.error().message.c_str()), 1;
  const auto network = gbrs_backend()->load(*manifest, {.device = gbrs::Device::cpu, .threads = threads});
  if (!network) return std::puts(network.error().message.c_str()), 1;

  gbrs::FramePixels frame{.width = 449, .height = 337, .rgb = std::vector<std::uint8_t>(449 * 337 * 3)};
  for (std::size_t i = 0; i < frame.rgb.size(); ++i) frame.rgb[i] = static_cast<std::uint8_t>(i * 2654435761U >> 24);
  std::vector<double> encoding;
  std::shared_ptr<const gbrs::Features> features;
  for (int i = 0; i <= repetitions; ++i) {
    const double start = processor_ms();
    features = *(*network)->encode(frame);
    if (i > 0) encoding.push_back(processor_ms() - start);  // the first one also tries the convolutions
  }
  std::printf("encode            %6.1f ms\n", median(encoding));

  // contradicting clicks: every iteration is made
  const std::vector<gbrs::FrameClick> clicks{{200, 150, {}, gbrs::kInclude}, {200, 150, {}, gbrs::kExclude}};
  for (const auto& [layer, rate] : manifest->refinement.rates) {
    constexpr int iterations = 20;
    std::vector<double> first, iteration;
    for (int i = 0; i <= repetitions; ++i) {
      gbrs::StepInput input;
      input.features = features;
      input.clicks = clicks;
      input.layer = layer;
      input.iterations = 0;
      const double start = processor_ms();
      if (!(*network)->step(input)) return 1;
      const double between = processor_ms();
      input.iterations = iterations;
      if (!(*network)->step(input)) return 1;
      if (i == 0) continue;
      first.push_back(between - start);
      iteration.push_back((processor_ms() - between - first.back()) / iterations);
    }
    std::printf("%-8s first    %6.1f ms, an iteration %6.2f ms\n", std::string(gbrs::layer_type_name(layer)).c_str(),
                median(first), median(iteration));
  }
  return 0;
}
