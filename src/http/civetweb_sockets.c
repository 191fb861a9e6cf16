/* SPDX-License-Identifier: Apache-2.0 */
/* Compiles CivetWeb with additions that its interface lacks: its accept() asks cgroup2_accept(); its handshakes ask
 * cgroup2_begin_tls() for settings, which may be others each time, and report to cgroup2_handshake(); a listener can be
 * replaced by an inherited one; a connection can be asked for its socket, its client, the end of its request's head and whether its handshake failed; and who
 * waits for a socket waits for cgroup2_stop_event(), too. */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>

struct mg_connection;

/* Accepts like accept(2) for the server with this user data, or refuses with -1. */
int cgroup2_accept(void *user_data, int listener, struct sockaddr *address, socklen_t *size);

/* Makes the server's end of a connection of TLS, or returns NULL. */
SSL *cgroup2_begin_tls(void *user_data);

/* Goes on like SSL_accept(). */
int cgroup2_handshake(void *user_data, struct mg_connection *connection, SSL *tls);

/* Returns a descriptor that is readable once the server with this user data stops. */
int cgroup2_stop_event(void *user_data);

static int accept_tls(SSL *tls);
static int poll_until_stop(struct pollfd *sockets, unsigned count, int milliseconds, const volatile void *stop_flag);

/* CivetWeb calls accept() in one function, where `ctx` is the server, and SSL_new() in one where `conn` is the connection. */
#define accept(listener, address, size) cgroup2_accept(ctx->user_data, (listener), (address), (size))
#define SSL_new(settings) cgroup2_begin_tls(conn->phys_ctx->user_data)
#define SSL_accept accept_tls
/* CivetWeb calls poll() in one function, where `stop_flag` is the server's. */
#define poll(sockets, count, milliseconds) poll_until_stop((sockets), (count), (milliseconds), stop_flag)
/* CivetWeb would write down what a client's certificate says, which nothing here reads. */
#undef SSL_get_peer_certificate
#define SSL_get_peer_certificate(tls) NULL

#include "civetweb.c"

static int
accept_tls(SSL *tls)
{
	struct mg_connection *connection = SSL_get_app_data(tls);
	return cgroup2_handshake(connection->phys_ctx->user_data, connection, tls);
}

/* CivetWeb wakes up again and again to look whether the server stops, which costs up to 60 us of a core each time. With the event
 * it may do so seldom, and yet stops at once. Who waits to send tries five times a second: send() takes a little more before
 * poll() reports room, and a late try would count as progress of a client that takes nothing. */
static int
poll_until_stop(struct pollfd *sockets, unsigned count, int milliseconds, const volatile void *stop_flag)
{
	enum { max_sockets = 64, max_wait_to_send_ms = 200 };
	const struct mg_context *ctx = (const void *)((const char *)stop_flag - offsetof(struct mg_context, stop_flag));
	struct pollfd all[max_sockets + 1];
	int ready;

	if (count > max_sockets) {
		return (poll)(sockets, count, milliseconds);
	}
	memcpy(all, sockets, count * sizeof(*all));
	all[count].fd = cgroup2_stop_event(ctx->user_data);
	all[count].events = POLLIN;
	if ((sockets->events & POLLOUT) != 0 && milliseconds > max_wait_to_send_ms) {
		milliseconds = max_wait_to_send_ms;
	}
	ready = (poll)(all, count + 1, milliseconds);
	memcpy(sockets, all, count * sizeof(*all));
	return ready > 0 && all[count].revents != 0 ? ready - 1 : ready;
}

/* Puts a socket that listens in the place of one that CivetWeb made, before its threads run. Returns -1 if it cannot. */
int
cgroup2_replace_listener(struct mg_context *ctx, unsigned index, int socket)
{
	struct socket *listener = &ctx->listening_sockets[index];
	socklen_t size = sizeof(listener->lsa);
	if (dup3(socket, listener->sock, O_CLOEXEC) < 0) {
		return -1;
	}
	close(socket);
	set_non_blocking_mode(listener->sock);
	return getsockname(listener->sock, &listener->lsa.sa, &size);
}

int
cgroup2_socket_of(const struct mg_connection *connection)
{
	return connection->client.sock;
}

const char *
cgroup2_end_of_head(const struct mg_connection *connection)
{
	return connection->buf + connection->request_len;
}

const char *
cgroup2_client_of(const struct mg_connection *connection)
{
	return connection->request_info.remote_addr;
}

/* CivetWeb frees `ssl` where the handshake fails. What else it knows of the connection is that of the one before, then. */
int
cgroup2_has_failed_handshake(const struct mg_connection *connection)
{
	return connection->client.is_ssl && connection->ssl == NULL;
}
