// SPDX-License-Identifier: Apache-2.0
// Compiled once for each set of instructions, in a namespace of that name, GBRS_ROWS. Nothing here may be shared with
// code compiled otherwise: no inline function of another header is called, else the linker could keep the copy that
// the processor cannot run.
#include "networks/row_loops.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace gbrs::GBRS_ROWS {
namespace {

// A tile of the product has kPixels * kVectors sums; with what feeds them they fit the processor's registers.
#if defined(__AVX512F__)
constexpr std::int64_t kLanes = 16, kVectors = 2, kPixels = 12;
#elif defined(__AVX2__)
constexpr std::int64_t kLanes = 8, kVectors = 2, kPixels = 6;
#else
constexpr std::int64_t kLanes = 4, kVectors = 2, kPixels = 6;
#endif

using Floats [[gnu::vector_size(kLanes * sizeof(float))]] = float;
using Ints [[gnu::vector_size(kLanes * sizeof(float))]] = std::int32_t;
/// Floats in memory, at any float's address.
using Stored [[gnu::vector_size(kLanes * sizeof(float)), gnu::aligned(sizeof(float)), gnu::may_alias]] = float;

Floats load(const float* at) { return *reinterpret_cast<const Stored*>(at); }
void store(float* at, Floats values) { *reinterpret_cast<Stored*>(at) = values; }
Floats masked(Ints mask, Floats values) { return reinterpret_cast<Floats>(mask & reinterpret_cast<Ints>(values)); }
Floats relu(Floats values) { return masked(values > 0, values); }

/// The bits of the values [at, at + kLanes) of a row. Where that is half a byte, the first half has to come first.
void store_signs(std::uint8_t* bits, std::int64_t at, Floats values) {
  std::uint8_t* const bytes = bits + at / 8;
#if defined(__AVX512F__)
  const __mmask16 mask = _mm512_cmp_ps_mask(reinterpret_cast<__m512>(values), _mm512_setzero_ps(), _CMP_GT_OQ);
  __builtin_memcpy(bytes, &mask, sizeof mask);
#elif defined(__AVX2__)
  *bytes = static_cast<std::uint8_t>(_mm256_movemask_ps(reinterpret_cast<__m256>(values > 0)));
#else
#if defined(__SSE2__)
  const int mask = _mm_movemask_ps(reinterpret_cast<__m128>(values > 0));
#else
  int mask = 0;
  for (int lane = 0; lane < kLanes; ++lane) mask |= static_cast<int>(values[lane] > 0) << lane;
#endif
  *bytes = static_cast<std::uint8_t>(at % 8 == 0 ? mask : *bytes | mask << kLanes);
#endif
}

/// `values` where the bits are 1, zero elsewhere.
Floats where_signs(const std::uint8_t* bits, std::int64_t at, Floats values) {
  const std::uint8_t* const bytes = bits + at / 8;
#if defined(__AVX512F__)
  __mmask16 mask;
  __builtin_memcpy(&mask, bytes, sizeof mask);
  return reinterpret_cast<Floats>(_mm512_maskz_mov_ps(mask, reinterpret_cast<__m512>(values)));
#elif defined(__AVX2__)
  constexpr Ints places{1, 2, 4, 8, 16, 32, 64, 128};
  return masked((places & static_cast<std::int32_t>(*bytes)) != 0, values);
#else
  constexpr Ints places{1, 2, 4, 8};
  return masked((places & (*bytes >> at % 8)) != 0, values);
#endif
}

void fill_zeros(float* at, std::int64_t count) {
  for (std::int64_t i = 0; i < count; i += kLanes) store(at + i, Floats{});
}

void upsample(const float* above, const float* below, std::int64_t width, std::int64_t channels, float* padded) {
  const auto coarse = [&](std::int64_t at) {
    return below == nullptr ? load(above + at) : (load(above + at) + load(below + at)) * 0.5F;
  };
  fill_zeros(padded, channels);
  float* fine = padded + channels;
  for (std::int64_t x = 0; x + 1 < width; ++x, fine += 2 * channels) {
    for (std::int64_t c = 0; c < channels; c += kLanes) {
      const Floats left = coarse(x * channels + c);
      store(fine + c, left);
      store(fine + channels + c, (left + coarse((x + 1) * channels + c)) * 0.5F);
    }
  }
  for (std::int64_t c = 0; c < channels; c += kLanes) store(fine + c, coarse((width - 1) * channels + c));
  fill_zeros(fine + channels, channels);
}

/// `finish(at, sums)` gets each vector of results; two pixels at a time, so that a kernel's value serves both.
template <class Start, class Finish>
void depthwise_with(const float* const padded[3], const float* kernel, std::int64_t width, std::int64_t channels,
                    Start start, Finish finish) {
  const auto pixels = [&]<int count>(std::int64_t x) {
    for (std::int64_t c = 0; c < channels; c += kLanes) {
      Floats sums[count];
      for (Floats& sum : sums) sum = start(c);
      for (std::int64_t i = 0; i < 3; ++i) {
        if (padded[i] == nullptr) continue;
        const float* const row = padded[i] + x * channels + c;
        for (std::int64_t j = 0; j < 3; ++j) {
          const Floats weight = load(kernel + (3 * i + j) * channels + c);
          for (int p = 0; p < count; ++p) sums[p] += load(row + (p + j) * channels) * weight;
        }
      }
      for (int p = 0; p < count; ++p) finish((x + p) * channels + c, sums[p]);
    }
  };
  std::int64_t x = 0;
  for (; x + 4 <= width; x += 4) pixels.template operator()<4>(x);
  for (; x < width; ++x) pixels.template operator()<1>(x);
}

void depthwise(const float* const padded[3], const float* kernel, std::int64_t width, std::int64_t channels,
               float* row) {
  depthwise_with(
      padded, kernel, width, channels, [](std::int64_t) { return Floats{}; },
      [row](std::int64_t at, Floats sums) { store(row + at, sums); });
}

void depthwise_relu(const float* const padded[3], const float* kernel, const float* bias, std::int64_t width,
                    std::int64_t channels, float* row, std::uint8_t* positive) {
  depthwise_with(
      padded, kernel, width, channels, [bias](std::int64_t c) { return load(bias + c); },
      [row, positive](std::int64_t at, Floats sums) {
        store(row + at, relu(sums));
        store_signs(positive, at, sums);
      });
}

/// row [width][in] times matrix [in][out]; `finish(pixel, n, sums)` gets the results n, n + 1... of a pixel.
template <class Finish>
void product_with(const float* row, const float* matrix, std::int64_t width, std::int64_t in, std::int64_t out,
                  Finish finish) {
  const auto tile = [&]<int count>(std::int64_t x, std::int64_t n) {
    Floats sums[count][kVectors] = {};
    for (std::int64_t k = 0; k < in; ++k) {
      Floats factors[kVectors];
      for (int v = 0; v < kVectors; ++v) factors[v] = load(matrix + k * out + n + v * kLanes);
#pragma GCC unroll 16
      for (int p = 0; p < count; ++p)
        for (int v = 0; v < kVectors; ++v) sums[p][v] += row[(x + p) * in + k] * factors[v];
    }
#pragma GCC unroll 16
    for (int p = 0; p < count; ++p)
      for (int v = 0; v < kVectors; ++v) finish(x + p, n + v * kLanes, sums[p][v]);
  };
  const auto columns = [&]<int count>(std::int64_t x) {
    for (std::int64_t n = 0; n < out; n += kVectors * kLanes) tile.template operator()<count>(x, n);
  };
  std::int64_t x = 0;
  for (; x + kPixels <= width; x += kPixels) columns.template operator()<kPixels>(x);
  for (; x < width; ++x) columns.template operator()<1>(x);
}

void product_relu(const float* row, const float* matrix, const float* addend, std::int64_t addend_step,
                  std::int64_t width, std::int64_t in, std::int64_t out, float* result, std::uint8_t* positive) {
  product_with(row, matrix, width, in, out, [&](std::int64_t x, std::int64_t n, Floats sums) {
    sums += load(addend + x * addend_step + n);
    store(result + x * out + n, relu(sums));
    store_signs(positive, x * out + n, sums);
  });
}

void product_where(const float* row, const float* matrix, const std::uint8_t* positive, std::int64_t width,
                   std::int64_t in, std::int64_t out, float* result) {
  product_with(row, matrix, width, in, out, [&](std::int64_t x, std::int64_t n, Floats sums) {
    store(result + x * out + n, where_signs(positive, x * out + n, sums));
  });
}

void dot(const float* row, const float* weights, float addend, std::int64_t width, std::int64_t in, float* result) {
  for (std::int64_t x = 0; x < width; ++x) {
    Floats sums{};
    for (std::int64_t k = 0; k < in; k += kLanes) sums += load(row + x * in + k) * load(weights + k);
    float sum = addend;
    for (int lane = 0; lane < kLanes; ++lane) sum += sums[lane];
    result[x] = sum;
  }
}

void where(const float* values, const std::uint8_t* positive, std::int64_t count, float* result) {
  for (std::int64_t i = 0; i < count; i += kLanes) store(result + i, where_signs(positive, i, load(values + i)));
}

void gather(const float* above, const float* at, const float* below, std::int64_t width, std::int64_t channels,
            float* coarse) {
  const auto fine = [&](std::int64_t place) {
    Floats sum = load(at + place);
    if (above != nullptr) sum += load(above + place) * 0.5F;
    if (below != nullptr) sum += load(below + place) * 0.5F;
    return sum;
  };
  for (std::int64_t x = 0; x < width; ++x) {
    for (std::int64_t c = 0; c < channels; c += kLanes) {
      const std::int64_t place = 2 * x * channels + c;
      Floats sum = fine(place);
      if (x > 0) sum += fine(place - channels) * 0.5F;
      if (x + 1 < width) sum += fine(place + channels) * 0.5F;
      store(coarse + x * channels + c, sum);
    }
  }
}

void mix(const float* const* rows, const float* weights, std::int64_t count, const float* kernel, std::int64_t width,
         std::int64_t channels, float* const mixed[3]) {
  const auto pixels = [&]<int together>(std::int64_t x, std::int64_t c) {
    Floats sums[3][together] = {};
    for (std::int64_t t = 0; t < count; ++t) {
      for (int p = 0; p < together; ++p) {
        const Floats value = load(rows[t] + (x + p) * channels + c);
        for (int i = 0; i < 3; ++i) sums[i][p] += value * weights[i * count + t];
      }
    }
    for (int j = 0; j < 3; ++j) {
      const auto factor = [&](int i) { return load(kernel + (3 * i + j) * channels + c); };
      for (int p = 0; p < together; ++p)
        store(mixed[j] + (x + p) * channels + c, sums[0][p] * factor(0) + sums[1][p] * factor(1) + sums[2][p] * factor(2));
    }
  };
  for (std::int64_t c = 0; c < channels; c += kLanes) {
    std::int64_t x = 0;
    for (; x + 4 <= width; x += 4) pixels.template operator()<4>(x, c);
    for (; x < width; ++x) pixels.template operator()<1>(x, c);
  }
}

void spread(const float* const mixed[3], const float* weights, std::int64_t count, std::int64_t width,
            std::int64_t channels, float* row) {
  for (std::int64_t x = 0; x < width; ++x) {
    const float* const of_pixel = weights + 3 * x * count;
    for (std::int64_t c = 0; c < channels; c += kLanes) {
      Floats sums[3] = {};
      for (std::int64_t t = 0; t < count; ++t)
        for (int j = 0; j < 3; ++j) sums[j] += load(mixed[j] + (x + t) * channels + c) * of_pixel[j * count + t];
      store(row + x * channels + c, sums[0] + sums[1] + sums[2]);
    }
  }
}

void prelu(const float* x, const float* scale, const float* shift, const float* slope, std::int64_t count, float* y) {
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const Floats v = load(x + i) * load(scale + i) + load(shift + i);
    store(y + i, v > 0 ? v : v * load(slope + i));
  }
  for (; i < count; ++i) {
    const float v = x[i] * scale[i] + shift[i];
    y[i] = v > 0 ? v : v * slope[i];
  }
}

void prelu_gradient(const float* x, const float* gradient, const float* scale, const float* shift, const float* slope,
                    std::int64_t count, float* result) {
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const Floats v = load(x + i) * load(scale + i) + load(shift + i), rise = load(gradient + i) * load(scale + i);
    store(result + i, v > 0 ? rise : rise * load(slope + i));
  }
  for (; i < count; ++i) {
    const float rise = gradient[i] * scale[i];
    result[i] = x[i] * scale[i] + shift[i] > 0 ? rise : rise * slope[i];
  }
}

}  // namespace

#define GBRS_NAME(name) #name
#define GBRS_NAME_OF(name) GBRS_NAME(name)

extern const RowLoops rows;
constinit const RowLoops rows{.instructions = GBRS_NAME_OF(GBRS_ROWS),
                                   .lanes = kLanes,
                                   .channel_step = kVectors * kLanes,
                                   .upsample = upsample,
                                   .depthwise = depthwise,
                                   .depthwise_relu = depthwise_relu,
                                   .product_relu = product_relu,
                                   .product_where = product_where,
                                   .dot = dot,
                                   .where = where,
                                   .gather = gather,
                                   .mix = mix,
                                   .spread = spread,
                                   .prelu = prelu,
                                   .prelu_gradient = prelu_gradient};

}  // namespace gbrs::GBRS_ROWS
