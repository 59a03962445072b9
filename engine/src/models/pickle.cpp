// SPDX-License-Identifier: Apache-2.0
#include "models/pickle.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>

#include "models/refusal.hpp"

namespace gbrs {
namespace {

using Kind = PickleObject::Kind;

constexpr std::size_t kMaxStack = 1'000'000;

constexpr std::string_view kOrderedDict = "collections OrderedDict";
constexpr std::string_view kRebuildTensor = "torch._utils _rebuild_tensor_v2";
constexpr std::string_view kRebuildParameter = "torch._utils _rebuild_parameter";

constexpr std::array<std::pair<std::string_view, DataType>, 10> kStorages{{{"torch HalfStorage", DataType::f16},
                                                                           {"torch FloatStorage", DataType::f32},
                                                                           {"torch DoubleStorage", DataType::f64},
                                                                           {"torch BFloat16Storage", DataType::bf16},
                                                                           {"torch LongStorage", DataType::i64},
                                                                           {"torch IntStorage", DataType::i32},
                                                                           {"torch ShortStorage", DataType::i16},
                                                                           {"torch CharStorage", DataType::i8},
                                                                           {"torch ByteStorage", DataType::u8},
                                                                           {"torch BoolStorage", DataType::boolean}}};

std::optional<DataType> storage_type(std::string_view function) {
  const auto found = std::ranges::find(kStorages, function, &std::pair<std::string_view, DataType>::first);
  return found == kStorages.end() ? std::nullopt : std::optional(found->second);
}

/// What ends the reading: why.
struct Refusal {
  std::string why;
};

}  // namespace

/// Python's stack machine, less everything that makes or calls anything.
class PickleMachine {
 public:
  explicit PickleMachine(std::span<const std::byte> bytes)
      : bytes_(bytes.first(std::min(bytes.size(), Pickle::kMaxBytes))), is_cut_(bytes.size() > Pickle::kMaxBytes) {}

  Pickle run() {
    while (!is_done_) step(take(1)[0]);
    pickle_.size_ = at_;
    return std::move(pickle_);
  }
  [[nodiscard]] std::size_t place() const { return at_; }

 private:
  // ---- bytes ----
  std::string_view take(std::size_t count) {
    if (count > bytes_.size() - at_) throw end();
    const std::string_view part(reinterpret_cast<const char*>(bytes_.data()) + at_, count);
    at_ += count;
    return part;
  }
  [[nodiscard]] Refusal end() const { return {is_cut_ ? "it is longer than any checkpoint's" : "it ends too early"}; }
  std::uint64_t take_number(std::size_t count) { return unsigned_of(take(count)); }
  static std::uint64_t unsigned_of(std::string_view part) {
    std::uint64_t value = 0;
    for (std::size_t i = part.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(part[i]);
    return value;
  }
  std::string_view take_line() {
    const std::string_view rest(reinterpret_cast<const char*>(bytes_.data()) + at_, bytes_.size() - at_);
    const std::size_t length = rest.find('\n');
    if (length == std::string_view::npos) throw end();
    at_ += length + 1;
    return rest.substr(0, length);
  }

  // ---- stack ----
  std::uint32_t make(PickleObject object) {
    if (pickle_.objects_.size() == Pickle::kMaxObjects) throw Refusal{"it has too many objects"};
    pickle_.objects_.push_back(std::move(object));
    return static_cast<std::uint32_t>(pickle_.objects_.size() - 1);
  }
  void push(std::uint32_t object) {
    if (stack_.size() == kMaxStack) throw Refusal{"it stacks too many objects"};
    stack_.push_back(object);
  }
  void push_new(PickleObject object) { push(make(std::move(object))); }
  void push_text(std::string_view text) { push_new({.kind = Kind::text, .text = text, .items = {}}); }
  void push_integer(std::int64_t number) {
    push_new({.kind = Kind::integer, .number = number, .text = {}, .items = {}});
  }
  std::size_t bottom() const { return marks_.empty() ? 0 : marks_.back(); }
  std::uint32_t pop() {
    if (stack_.size() <= bottom()) throw Refusal{"it takes from an empty stack"};
    const std::uint32_t object = stack_.back();
    stack_.pop_back();
    return object;
  }
  PickleObject& top() {
    if (stack_.size() <= bottom()) throw Refusal{"it takes from an empty stack"};
    return pickle_.objects_[stack_.back()];
  }
  /// What lies above the last mark, or the last so many.
  std::vector<std::uint32_t> pop_all(std::optional<std::size_t> count = std::nullopt) {
    if (!count && marks_.empty()) throw Refusal{"it has no mark"};
    if (stack_.size() - bottom() < count.value_or(0)) throw Refusal{"it takes from an empty stack"};
    const std::size_t begin = count ? stack_.size() - *count : marks_.back();
    std::vector<std::uint32_t> items(stack_.begin() + static_cast<std::ptrdiff_t>(begin), stack_.end());
    stack_.resize(begin);
    if (!count) marks_.pop_back();
    return items;
  }
  PickleObject& object(std::uint32_t number) { return pickle_.objects_[number]; }

  // ---- opcodes ----
  void step(char code) {
    if (step_value(code) || step_container(code) || step_memory(code) || step_call(code)) return;
    throw Refusal{std::format("it has an opcode that is not known, {:#04x}", static_cast<unsigned char>(code))};
  }

  bool step_value(char code) {
    constexpr std::uint64_t kLongest = std::numeric_limits<std::int64_t>::max();
    switch (code) {
      case 'N':
        push_new({.kind = Kind::none, .text = {}, .items = {}});
        return true;
      case '\x88':
        push_new({.kind = Kind::boolean, .number = 1, .text = {}, .items = {}});
        return true;
      case '\x89':
        push_new({.kind = Kind::boolean, .text = {}, .items = {}});
        return true;
      case 'J':
        push_integer(static_cast<std::int32_t>(take_number(4)));
        return true;
      case 'K':
        push_integer(static_cast<std::int64_t>(take_number(1)));
        return true;
      case 'M':
        push_integer(static_cast<std::int64_t>(take_number(2)));
        return true;
      case '\x8a':
        push_long(take(take_number(1)));
        return true;
      case '\x8b':
        push_long(take(take_number(4)));
        return true;
      case 'G':
        take(8);
        push_new({.kind = Kind::real, .text = {}, .items = {}});
        return true;
      case 'U':
      case '\x8c':
      case 'C':
        push_text(take(take_number(1)));
        return true;
      case 'T':
      case 'X':
      case 'B':
        push_text(take(take_number(4)));
        return true;
      case '\x8d':
        push_text(take(std::min(take_number(8), kLongest)));
        return true;
      default:
        return false;
    }
  }

  bool step_container(char code) {
    switch (code) {
      case ')':
        push_new({.kind = Kind::tuple, .text = {}, .items = {}});
        return true;
      case ']':
        push_new({.kind = Kind::list, .text = {}, .items = {}});
        return true;
      case '}':
        push_new({.kind = Kind::dictionary, .text = {}, .items = {}});
        return true;
      case '(':
        marks_.push_back(stack_.size());
        if (marks_.size() > kMaxStack) throw Refusal{"it has too many marks"};
        return true;
      case 't':
        push_items(Kind::tuple, pop_all());
        return true;
      case '\x85':
      case '\x86':
      case '\x87':
        push_items(Kind::tuple, pop_all(static_cast<std::size_t>(static_cast<unsigned char>(code) - 0x84U)));
        return true;
      case 'l':
        push_items(Kind::list, pop_all());
        return true;
      case 'd':
        push_items(Kind::dictionary, pop_all());
        return true;
      case 'a':
        add_items(Kind::list, pop_all(1));
        return true;
      case 'e':
        add_items(Kind::list, pop_all());
        return true;
      case 's':
        add_items(Kind::dictionary, pop_all(2));
        return true;
      case 'u':
        add_items(Kind::dictionary, pop_all());
        return true;
      default:
        return false;
    }
  }

  bool step_memory(char code) {
    switch (code) {
      case '\x80':
        if (take_number(1) > 4) throw Refusal{"its protocol is too new"};
        return true;
      case '\x95':
        take(8);
        return true;  // a frame: says how much follows, which is seen anyway
      case '.':
        pickle_.root_ = pop();
        is_done_ = true;
        return true;
      case '0':
        pop();
        return true;
      case '1':
        pop_all();
        return true;
      case '2':
        top();
        push(stack_.back());
        return true;
      case 'q':
        remember(take_number(1));
        return true;
      case 'r':
        remember(take_number(4));
        return true;
      case '\x94':
        remember(memory_.size());
        return true;
      case 'h':
        recall(take_number(1));
        return true;
      case 'j':
        recall(take_number(4));
        return true;
      default:
        return false;
    }
  }

  bool step_call(char code) {
    switch (code) {
      case 'c': {
        const std::size_t begin = at_;
        const std::string_view module = take_line();
        take_line();
        // both lines at once, so that nothing is copied
        push_function(std::string_view(module.data(), at_ - begin - 1));
        return true;
      }
      case '\x93':
        throw Refusal{"it names functions as PyTorch does not"};
      case 'Q':
        push_storage(pop());
        return true;
      case 'R': {
        const std::uint32_t arguments = pop();
        call(pop(), arguments);
        return true;
      }
      case '\x81': {
        pop();
        push_foreign(pop());
        return true;
      }
      case '\x92': {
        pop();
        pop();
        push_foreign(pop());
        return true;
      }
      case 'b':
        build(pop());
        return true;
      default:
        return false;
    }
  }

  void push_long(std::string_view part) {
    if (part.size() > 8) {
      push_new({.kind = Kind::integer, .text = part, .items = {}});
      return;
    }
    std::uint64_t value = unsigned_of(part);
    const auto bits = 8 * part.size();
    const bool is_negative = bits != 0 && (value >> (bits - 1) & 1) != 0;
    if (is_negative && bits < 64) value |= ~std::uint64_t{0} << bits;
    push_integer(static_cast<std::int64_t>(value));
  }

  void push_items(Kind kind, std::vector<std::uint32_t> items) {
    if (kind == Kind::dictionary && items.size() % 2 != 0) throw Refusal{"it has a key without a value"};
    push_new({.kind = kind, .text = {}, .items = std::move(items)});
  }

  void add_items(Kind kind, const std::vector<std::uint32_t>& added) {
    if (kind == Kind::dictionary && added.size() % 2 != 0) throw Refusal{"it has a key without a value"};
    PickleObject& container = top();
    if (container.kind == Kind::foreign) return;
    if (container.kind != kind) throw Refusal{"it adds to something that holds nothing"};
    container.items.insert(container.items.end(), added.begin(), added.end());
  }

  void remember(std::uint64_t place) {
    top();
    memory_[place] = stack_.back();
    if (memory_.size() > Pickle::kMaxObjects) throw Refusal{"it remembers too many objects"};
  }
  void recall(std::uint64_t place) {
    const auto found = memory_.find(place);
    if (found == memory_.end()) throw Refusal{"it recalls what it does not know"};
    push(found->second);
  }

  /// The text is "module\nname".
  void push_function(std::string_view lines) {
    const auto is = [&](std::string_view known) {
      return lines.size() == known.size() &&
             std::ranges::equal(lines, known, [](char a, char b) { return a == b || (a == '\n' && b == ' '); });
    };
    for (const std::string_view known : {kOrderedDict, kRebuildTensor, kRebuildParameter}) {
      if (is(known)) return push_new({.kind = Kind::function, .text = known, .items = {}});
    }
    for (const auto& [known, type] : kStorages) {
      if (is(known)) return push_new({.kind = Kind::function, .type = type, .text = known, .items = {}});
    }
    push_new({.kind = Kind::foreign, .text = lines, .items = {}});
  }

  void push_foreign(std::uint32_t maker) { push_new({.kind = Kind::foreign, .text = object(maker).text, .items = {}}); }

  /// A tuple: 'storage', its class, its key, where it was, how many values; perhaps a view of it: key, first, how many.
  void push_storage(std::uint32_t description) {
    const PickleObject& tuple = object(description);
    const auto is = [&](std::size_t item, Kind kind) { return object(tuple.items[item]).kind == kind; };
    const auto is_number = [&](std::size_t item) {
      return is(item, Kind::integer) && object(tuple.items[item]).text.empty();
    };
    if (tuple.kind != Kind::tuple || tuple.items.size() < 5 || tuple.items.size() > 6 || !is(0, Kind::text) ||
        object(tuple.items[0]).text != "storage" || !is(2, Kind::text) || !is_number(4)) {
      throw Refusal{"it names data of a kind that is not known"};
    }
    const PickleObject& storage_class = object(tuple.items[1]);
    const auto type = storage_class.kind == Kind::function ? storage_type(storage_class.text) : std::nullopt;
    if (!type) throw Refusal{"it has values of a type that is not known"};
    PickleObject storage{.kind = Kind::storage,
                         .type = *type,
                         .number = object(tuple.items[4]).number,
                         .text = object(tuple.items[2]).text,
                         .items = {}};
    if (tuple.items.size() == 6 && !is(5, Kind::none)) {
      const PickleObject& view = object(tuple.items[5]);
      if (view.kind != Kind::tuple || view.items.size() != 3 || object(view.items[1]).kind != Kind::integer ||
          object(view.items[2]).kind != Kind::integer || !object(view.items[1]).text.empty() ||
          !object(view.items[2]).text.empty()) {
        throw Refusal{"it has a view of data that makes no sense"};
      }
      storage.first = object(view.items[1]).number;
      storage.number = object(view.items[2]).number;
    }
    push_new(std::move(storage));
  }

  void call(std::uint32_t function, std::uint32_t arguments) {
    const PickleObject& called = object(function);
    if (called.kind != Kind::function || storage_type(called.text)) {
      if (called.kind != Kind::foreign && called.kind != Kind::function) throw Refusal{"it calls what is no function"};
      return push_foreign(function);
    }
    const PickleObject& tuple = object(arguments);
    if (tuple.kind != Kind::tuple) throw Refusal{"it calls without a list of arguments"};
    if (called.text == kOrderedDict) return push_ordered(tuple);
    if (called.text == kRebuildParameter) {
      if (tuple.items.empty()) throw Refusal{"it has a parameter without a tensor"};
      return push(tuple.items[0]);
    }
    if (tuple.items.size() < 4) throw Refusal{"it has a tensor without storage, place or size"};
    push_new({.kind = Kind::tensor, .text = {}, .items = {tuple.items.begin(), tuple.items.begin() + 4}});
  }

  /// OrderedDict() or OrderedDict([(key, value), …]).
  void push_ordered(const PickleObject& arguments) {
    PickleObject dictionary{.kind = Kind::dictionary, .text = {}, .items = {}};
    if (!arguments.items.empty()) {
      copied_ += object(arguments.items[0]).items.size();
      if (copied_ > Pickle::kMaxObjects) throw Refusal{"it has too many objects"};
      for (const std::uint32_t pair : object(arguments.items[0]).items) {
        const auto& items = object(pair).items;
        if (items.size() != 2) throw Refusal{"it has a key without a value"};
        dictionary.items.insert(dictionary.items.end(), items.begin(), items.end());
      }
    }
    push_new(std::move(dictionary));
  }

  /// The state of a dictionary is about versions, that of something foreign nobody's business.
  void build(std::uint32_t) {
    const Kind kind = top().kind;
    if (kind != Kind::dictionary && kind != Kind::foreign) throw Refusal{"it gives a state to what has none"};
  }

  std::span<const std::byte> bytes_;
  bool is_cut_;
  std::size_t at_ = 0;
  bool is_done_ = false;
  std::size_t copied_ = 0;  // items of containers made from others
  std::vector<std::uint32_t> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, std::uint32_t> memory_;
  Pickle pickle_;
};

Expected<Pickle> Pickle::read(std::span<const std::byte> bytes, std::string_view name) {
  PickleMachine machine(bytes);
  try {
    return machine.run();
  } catch (const Refusal& refused) {
    return refusal(ErrorCode::damaged, name, "a complete PyTorch checkpoint",
                   std::format("at byte {} of its pickle {}", machine.place(), refused.why));
  }
}

const PickleObject* Pickle::find(const PickleObject& dictionary, std::string_view key) const {
  if (dictionary.kind != PickleObject::Kind::dictionary) return nullptr;
  const PickleObject* found = nullptr;  // the last one counts
  for (std::size_t i = 0; i + 1 < dictionary.items.size(); i += 2) {
    const PickleObject& name = objects_[dictionary.items[i]];
    if (name.kind == PickleObject::Kind::text && name.text == key) found = &objects_[dictionary.items[i + 1]];
  }
  return found;
}

}  // namespace gbrs
