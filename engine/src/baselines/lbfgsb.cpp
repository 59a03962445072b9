// SPDX-License-Identifier: Apache-2.0
#include "baselines/lbfgsb.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

/// The library is Fortran; lengths of strings come last.
extern "C" void setulb_(const int* n, const int* m, double* x, const double* l, const double* u, const int* nbd,
                        double* f, double* g, const double* factr, const double* pgtol, double* wa, int* iwa,
                        char* task, const int* iprint, char* csave, int* lsave, int* isave, double* dsave,
                        std::size_t task_length, std::size_t csave_length);

namespace gbrs {
namespace {

using Text = std::array<char, 60>;  // a Fortran string: blanks at its end

void assign(Text& text, std::string_view value) {
  text.fill(' ');
  std::ranges::copy(value, text.begin());
}

std::string_view view(const Text& text) {
  const std::string_view all(text.data(), text.size());
  return all.substr(0, all.find_last_not_of(' ') + 1);
}

/// What the library keeps between calls.
class Workspace {
 public:
  Workspace(std::size_t variables, const LbfgsbOptions& options)
      : variables_(static_cast<int>(variables)), options_(options) {
    const auto pairs = static_cast<std::size_t>(options.pairs);
    reals_.resize(2 * pairs * variables + 5 * variables + 11 * pairs * pairs + 8 * pairs);
    integers_.resize(3 * variables);
    unbounded_.resize(variables);
    bounds_.resize(variables);
    assign(task, "START");
  }

  void advance(std::vector<double>& x, double& value, std::vector<double>& gradient) {
    constexpr int kSilent = -1;
    setulb_(&variables_, &options_.pairs, x.data(), bounds_.data(), bounds_.data(), unbounded_.data(), &value,
            gradient.data(), &options_.least_reduction, &options_.least_gradient, reals_.data(), integers_.data(),
            task.data(), &kSilent, state_.data(), logicals_.data(), counts_.data(), numbers_.data(), task.size(),
            state_.size());
  }

  Text task{};

 private:
  int variables_;
  LbfgsbOptions options_;
  std::vector<double> reals_, bounds_;
  std::vector<int> integers_, unbounded_;
  Text state_{};
  std::array<int, 4> logicals_{};
  std::array<int, 44> counts_{};
  std::array<double, 29> numbers_{};
};

}  // namespace

LbfgsbResult minimise(const Differentiable& function, std::vector<double> x, const LbfgsbOptions& options) {
  LbfgsbResult result{.x = std::move(x), .reason = {}};
  Workspace workspace(result.x.size(), options);
  std::vector<double> gradient(result.x.size()), latest, latest_gradient(result.x.size());
  double latest_value = 0;
  while (true) {
    workspace.advance(result.x, result.value, gradient);
    const std::string_view task = view(workspace.task);
    if (task.starts_with("FG")) {
      if (result.x != latest) {
        latest_value = function(result.x, latest_gradient);
        latest = result.x;
        ++result.evaluations;
      }
      result.value = latest_value;
      gradient = latest_gradient;  // a copy: the library changes its own
    } else if (task.starts_with("NEW_X")) {
      ++result.iterations;
      if (result.iterations >= options.iterations) {
        assign(workspace.task, "STOP: TOTAL NO. of ITERATIONS REACHED LIMIT");
      } else if (result.evaluations > options.evaluations) {
        assign(workspace.task, "STOP: TOTAL NO. of f AND g EVALUATIONS EXCEEDS LIMIT");
      }
    } else {
      result.reason = task;
      return result;
    }
  }
}

}  // namespace gbrs
