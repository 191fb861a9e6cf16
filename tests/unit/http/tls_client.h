// SPDX-License-Identifier: Apache-2.0
// TlsClient: one connection of TLS to a server on the loopback.
#pragma once

#include <string>
#include <string_view>

#include "unit/http/client.h"
#include "unit/http/handshake.h"

namespace cgroup2::test {

class TlsClient {
 public:
  /// Connects, and shakes hands unless that fails.
  explicit TlsClient(int port, const ClientSettings& client = {})
      : socket_(port),
        settings_(make_client(client)),
        tls_(::SSL_new(settings_.get()), &::SSL_free) {
    ::SSL_set_fd(tls_.get(), socket_.number());
    is_connected_ = ::SSL_connect(tls_.get()) == 1;
  }

  [[nodiscard]] bool is_connected() const { return is_connected_; }

  [[nodiscard]] bool send(std::string_view text) const {
    return ::SSL_write(tls_.get(), text.data(), static_cast<int>(text.size())) ==
           static_cast<int>(text.size());
  }

  /// Sends a message of TLS 1.3 that says nothing to HTTP.
  [[nodiscard]] bool update_key() const {
    ::SSL_key_update(tls_.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
    return ::SSL_do_handshake(tls_.get()) == 1;
  }

  /// Reads a head and as many bytes of body as Content-Length says; less if the server closes.
  std::string response() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return std::exchange(buffer_, {});
    }
    end += 4;
    constexpr std::string_view field = "Content-Length: ";
    const auto at = buffer_.find(field);
    if (at < end) end += std::stoul(buffer_.substr(at + field.size()));
    while (buffer_.size() < end) {
      if (!receive()) break;
    }
    auto text = buffer_.substr(0, end);
    buffer_.erase(0, end);
    return text;
  }

  /// Everything up to the end of the connection.
  std::string rest() {
    while (receive()) {
    }
    return std::exchange(buffer_, {});
  }

  [[nodiscard]] std::string common_name() const { return common_name_seen_by(tls_.get()); }

 private:
  bool receive() {
    char bytes[16384];
    const int count = ::SSL_read(tls_.get(), bytes, sizeof bytes);
    if (count > 0) buffer_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }

  Client socket_;
  TlsSettings settings_;
  Tls tls_;
  bool is_connected_ = false;
  std::string buffer_;
};

}  // namespace cgroup2::test
