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
  const auto deadline = std::chrono::steady_clock::now() + how.timeout;
  Sender sender(response_head(response, reason, how.framing, how.keep_alive, std::time(nullptr)),
                how.has_body && how.framing == Framing::chunks, [&](std::string_view text) {
                  const int sent = ::mg_write(connection, text.data(), text.size());
                  how.note_progress();
                  return sent == static_cast<int>(text.size()) &&
                         std::chrono::steady_clock::now() <= deadline;
                });
  const auto write = [&sender](std::string_view piece) { return sender.write(piece); };
  if (how.has_body && !write_guarded(response, write, log)) return false;
  response.held.clear();
  return sender.finish();
}

}  // namespace cgroup2::http
