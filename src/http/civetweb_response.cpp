// SPDX-License-Identifier: Apache-2.0
#include "http/civetweb_response.h"

#include <civetweb.h>

#include <ctime>
#include <string_view>

#include "http/guarded_call.h"
#include "http/sender.h"

namespace cgroup2::http {

bool deliver(mg_connection* connection, Response response, const Delivery& how, base::Log& log) {
  const char* reason = ::mg_get_response_code_text(connection, response.status);
  Sender sender(response_head(response, reason, how.framing, how.keep_alive, std::time(nullptr)),
                how.has_body && how.framing == Framing::chunks, [&](std::string_view text) {
                  return ::mg_write(connection, text.data(), text.size()) ==
                         static_cast<int>(text.size());
                });
  const auto write = [&sender](std::string_view piece) { return sender.write(piece); };
  if (how.has_body && !write_guarded(response, write, log)) return false;
  return sender.finish([&] {
    response.held.clear();
    how.before_end();
  });
}

}  // namespace cgroup2::http
