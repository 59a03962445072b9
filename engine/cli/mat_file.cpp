// SPDX-License-Identifier: Apache-2.0
#include "mat_file.hpp"

#include <filesystem>
#include <format>

#include "gbrs/session.hpp"

#if GBRS_HAS_MATIO
#include <matio.h>

#include <memory>
#endif

namespace gbrs::cli {

#if GBRS_HAS_MATIO
namespace {

struct Close {
  void operator()(mat_t* file) const { Mat_Close(file); }
  void operator()(matvar_t* variable) const { Mat_VarFree(variable); }
};

/// The codes of a matrix of bytes, which MATLAB keeps by columns; no codes: it is none.
CodeFile codes_of(const matvar_t& matrix) {
  const auto height = matrix.dims[0], width = matrix.dims[1];
  CodeFile file{.width = static_cast<int>(width), .height = static_cast<int>(height), .codes = {}};
  const auto* values = static_cast<const std::uint8_t*>(matrix.data);
  if (values == nullptr || matrix.nbytes < width * height) return file;
  file.codes.reserve(width * height);
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x) file.codes.push_back(values[x * height + y]);
  return file;
}

}  // namespace

Expected<CodeFile> read_instances(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return failure(ErrorCode::not_found, std::format("There is no file {}.", path));
  const auto damaged = [&] {
    return failure(
        ErrorCode::damaged,
        std::format("The file {} is not an annotation of SBD (GTinst) that can be read, or it is cut.", path));
  };
  const std::unique_ptr<mat_t, Close> file(Mat_Open(path.c_str(), MAT_ACC_RDONLY));
  if (!file) return damaged();
  const std::unique_ptr<matvar_t, Close> annotation(Mat_VarReadInfo(file.get(), "GTinst"));
  if (!annotation || annotation->class_type != MAT_C_STRUCT) return damaged();
  matvar_t* const matrix = Mat_VarGetStructFieldByName(annotation.get(), "Segmentation", 0);
  if (matrix == nullptr || matrix->class_type != MAT_C_UINT8 || matrix->rank != 2) return damaged();
  constexpr std::size_t most = kMaxImagePixels;
  if (matrix->dims[0] > most || matrix->dims[1] > most) return damaged();
  if (auto checked = check_picture_size(static_cast<int>(matrix->dims[1]), static_cast<int>(matrix->dims[0])); !checked)
    return std::unexpected(checked.error());
  if (Mat_VarReadDataAll(file.get(), matrix) != 0) return damaged();
  CodeFile codes = codes_of(*matrix);
  if (codes.codes.empty()) return damaged();
  return codes;
}
#else
Expected<CodeFile> read_instances(const std::string& path) {
  return failure(ErrorCode::unsupported,
                 std::format("{} is a MATLAB file, which this program was built without libmatio for.", path));
}
#endif

}  // namespace gbrs::cli
