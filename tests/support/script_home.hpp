// SPDX-License-Identifier: Apache-2.0
#pragma once

// A user with models of their own: scripts that the test makes.

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "gbrs/script_file.hpp"
#include "support/script_module.hpp"
#include "support/temporary_folder.hpp"

namespace gbrs::test {

/// For kTinyMethods, in frames of 65 pixels.
inline nlohmann::json script_manifest(const std::string& task) {
  return {{"format", 1},
          {"task", task},
          {"license", "none"},
          {"sources", {"made by the test"}},
          {"settings", {{"features", "deep:8"}}},
          {"input", {{"long_side", 65}, {"multiple", 8}, {"rest", 1}}},
          {"refinement",
           {{"insertion", "deep"},
            {"scaled", true},
            {"top_channels", 0},
            {"rates", {{"sb", 0.0125}, {"bmconv", 0.0015625}, {"rgb", 0.0015625}}}}}};
}

/// While it lives, the user's own models are in a folder that goes with it.
class ScriptHome {
 public:
  ScriptHome() {
    const char* const before = std::getenv("XDG_DATA_HOME");
    if (before != nullptr) before_ = before;
    setenv("XDG_DATA_HOME", folder_.path().c_str(), 1);
  }
  ScriptHome(const ScriptHome&) = delete;
  ScriptHome& operator=(const ScriptHome&) = delete;
  ~ScriptHome() {
    if (before_.empty())
      unsetenv("XDG_DATA_HOME");
    else
      setenv("XDG_DATA_HOME", before_.c_str(), 1);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  [[nodiscard]] std::filesystem::path models() const { return path() / "gbrs/models"; }

  /// A script with these methods under the name "tiny".
  [[nodiscard]] Expected<ModelInfo> add(const nlohmann::json& manifest, int answers = 1,
                                        const std::string& methods = kTinyMethods, int colours = 3) const {
    write_script(path() / "tiny.pt", methods, answers, colours);
    std::ofstream(path() / "tiny.json") << manifest;
    return add_script(path() / "tiny.pt", path() / "tiny.json");
  }

 private:
  TemporaryFolder folder_;
  std::string before_;
};

}  // namespace gbrs::test
