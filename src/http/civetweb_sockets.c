/* SPDX-License-Identifier: Apache-2.0 */
/* Compiles CivetWeb with two additions that its interface lacks: its accept() asks cgroup2_accept(), and the socket of a
 * connection can be asked for. */
#define _GNU_SOURCE 1
#include <sys/socket.h>

/* Accepts like accept(2) for the server with this user data, or refuses with -1. */
int cgroup2_accept(void *user_data, int listener, struct sockaddr *address, socklen_t *size);

/* CivetWeb calls accept() in one function, where `ctx` is the server. */
#define accept(listener, address, size) cgroup2_accept(ctx->user_data, (listener), (address), (size))
#include "civetweb.c"

int
cgroup2_socket_of(const struct mg_connection *connection)
{
	return connection->client.sock;
}
