// SPDX-License-Identifier: Apache-2.0
#include "status/origin.h"

#include <algorithm>
#include <cstddef>

#include "base/label.h"
#include "catalog/identity_label.h"
#include "exposition/labels.h"

namespace cgroup2::status {
namespace {

using base::to_label;

void add_label(Html& html, std::string_view name, std::string_view help, std::string_view value) {
  if (value.empty()) return;
  html.add("<dt");
  if (!help.empty()) html.add(" title=\"").text(help).add("\"");
  html.add(">").text(name).add("</dt><dd>").text(value).add("</dd>\n");
}

}  // namespace

void add_identity(Html& html, const snapshot::Snapshot& snapshot, const snapshot::Cgroup& cgroup) {
  html.add("<section aria-labelledby=whose><h2 id=whose>Whose it is</h2>\n<dl class=pairs>\n");
  add_label(html, "cgroup", "", cgroup.path);
  for (std::size_t i = 0; i < catalog::identity_label_count; ++i) {
    const auto label = static_cast<catalog::IdentityLabel>(i);
    if (label == catalog::IdentityLabel::name_source) continue;
    const auto& [name, is_on_series, help] = catalog::identity_labels[i];
    add_label(html, name, help, to_label(exposition::value_of(*cgroup.identity, label)));
  }
  const auto names = exposition::runtime_label_names(*snapshot.runtime_labels);
  const auto& values = cgroup.identity->names.labels;
  for (std::size_t i = 0; i < std::min(names.size(), values.size()); ++i)
    add_label(html, names[i], "", to_label(values[i]));
  const auto& source = identity::row_of(cgroup.identity->source);
  html.add("<dt>known from</dt><dd><b>").text(source.word).add("</b> <small>");
  html.text(source.description).add("</small></dd>\n");
  html.add("<dt>id</dt><dd>")
      .number(cgroup.id)
      .add(" <small>inode of the directory</small></dd>\n");
  html.add("</dl></section>\n");
}

void add_namespaces(Html& html, const snapshot::Snapshot& snapshot,
                    const snapshot::Cgroup& cgroup) {
  html.add("<section aria-labelledby=namespaces><h2 id=namespaces>Namespaces</h2>\n");
  if (!cgroup.identity->namespaces) {
    html.add(
        "<p class=quiet>Not known: it has no process of its own, or its processes may not be "
        "asked.</p></section>\n");
    return;
  }
  html.add("<dl class=pairs>\n");
  for (std::size_t i = 0; i < identity::namespace_count; ++i) {
    const auto which = static_cast<identity::Namespace>(i);
    const auto inode = (*cgroup.identity->namespaces)[which];
    if (inode == 0) continue;
    std::size_t sharing = 0;
    for (const auto& each : snapshot.cgroups) {
      const auto& theirs = each->identity->namespaces;
      if (each.get() != &cgroup && theirs && (*theirs)[which] == inode) ++sharing;
    }
    html.add("<dt>").text(to_string(which)).add("</dt><dd>").number(inode).add(" <small>");
    if (sharing == 0) {
      html.add("no other cgroup’s");
    } else {
      html.add("shared with ").number(sharing);
      html.add(sharing == 1 ? Markup(" other cgroup") : Markup(" other cgroups"));
    }
    html.add("</small></dd>\n");
  }
  html.add("</dl></section>\n");
}

}  // namespace cgroup2::status
