// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/segment/segment_pointer.hpp"

#include "base/translation.hpp"

namespace gbrs::plugin {

std::optional<Click> SegmentPointer::click(const Answer&, Point place, std::optional<double> radius, bool is_primary) {
  return Click{.x = place.x, .y = place.y, .radius = radius, .target = is_primary ? kInclude : kExclude};
}

std::optional<Click> SegmentPointer::flipped(const Click& click) const {
  Click turned = click;
  turned.target = click.target > 0 ? kExclude : kInclude;
  return turned;
}

MarkerLook SegmentPointer::look(const Click& click) const { return meant_look(click.target > 0); }

MarkerLook SegmentPointer::meant_look(bool is_primary) const { return is_primary ? kIncludeLook : kExcludeLook; }

std::string SegmentPointer::words(const Click& click) const { return click.target > 0 ? _("Include") : _("Exclude"); }

}  // namespace gbrs::plugin
