/*
 * witness.c
 *		What a witness says: does a PostgreSQL answer at this address?
 *
 * Asked by the program pg_promoter of a standby, on any server that has the
 * extension; the module need not be preloaded there. The first byte of the
 * protocol is enough: a postmaster that starts up, shuts down or has too many
 * clients still gives it. No password travels, and the primary logs nothing.
 */
#include "pg_promoter.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fmgr.h"
#include "libpq/pqcomm.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "port/pg_bswap.h"
#include "portability/instr_time.h"
#include "storage/fd.h"
#include "storage/latch.h"
#include "utils/builtins.h"

#define MOST_MS 60000

typedef enum Sight
{
	SIGHT_UNKNOWN,				/* nothing can be said from here */
	SIGHT_GONE,					/* nobody answers */
	SIGHT_ANSWERS
} Sight;

PG_FUNCTION_INFO_V1(pg_promoter_look);

/* Waits until the socket is ready. False when the time is over or somebody wants us to stop, which the caller sees to. */
static bool
wait_for_socket(int sock, int event, instr_time start, int limit_ms)
{
	for (;;)
	{
		instr_time	passed;
		int			left;
		int			happened;

		INSTR_TIME_SET_CURRENT(passed);
		INSTR_TIME_SUBTRACT(passed, start);
		left = limit_ms - (int) INSTR_TIME_GET_MILLISEC(passed);
		if (left <= 0)
			return false;
		happened = WaitLatchOrSocket(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH | event, sock, left, PG_WAIT_EXTENSION);
		if (happened & event)
			return true;
		if (happened & WL_LATCH_SET)
		{
			ResetLatch(MyLatch);
			if (InterruptPending)
				return false;
		}
	}
}

static bool
is_connected(int sock, const struct sockaddr *address, socklen_t length, instr_time start, int limit_ms)
{
	int			error = 0;
	socklen_t	size = sizeof(error);

	if (connect(sock, address, length) == 0)
		return true;
	if (errno != EINPROGRESS)
		return false;
	if (!wait_for_socket(sock, WL_SOCKET_CONNECTED, start, limit_ms))
	{
		errno = ETIMEDOUT;
		return false;
	}
	if (getsockopt(sock, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
		return false;
	errno = error;
	return error == 0;
}

/* Is it our own network that fails, rather than somebody at the other end of it? */
static bool
is_own_fault(int error)
{
	return error == ENETUNREACH || error == ENETDOWN || error == EACCES || error == EPERM || error == EADDRNOTAVAIL;
}

/* Asks whether TLS is spoken: any answer will do. */
static Sight
ask(int sock, const struct sockaddr *address, socklen_t length, instr_time start, int limit_ms)
{
	uint32		request[2] = {pg_hton32(8), pg_hton32(NEGOTIATE_SSL_CODE)};
	char		answer;

	if (!is_connected(sock, address, length, start, limit_ms))
		return is_own_fault(errno) ? SIGHT_UNKNOWN : SIGHT_GONE;
	if (send(sock, request, sizeof(request), MSG_NOSIGNAL) != sizeof(request)
		|| !wait_for_socket(sock, WL_SOCKET_READABLE, start, limit_ms))
		return SIGHT_GONE;
	return recv(sock, &answer, 1, 0) == 1 ? SIGHT_ANSWERS : SIGHT_GONE;
}

static Sight
look_at(int family, const struct sockaddr *address, socklen_t length, int limit_ms)
{
	Sight		seen = SIGHT_UNKNOWN;
	int			sock;
	instr_time	start;

	INSTR_TIME_SET_CURRENT(start);
	if (!AcquireExternalFD())
		return SIGHT_UNKNOWN;
	sock = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (sock >= 0)
	{
		seen = ask(sock, address, length, start, limit_ms);
		close(sock);
	}
	ReleaseExternalFD();
	return seen;
}

static Sight
look_at_directory(const char *directory, int port, int limit_ms)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s/.s.PGSQL.%d", directory, port) >= (int) sizeof(address.sun_path))
		return SIGHT_UNKNOWN;
	return look_at(AF_UNIX, (const struct sockaddr *) &address, sizeof(address), limit_ms);
}

/* A name may stand for several addresses: one that answers is enough, and each gets its share of the time. */
static Sight
look_at_host(const char *host, int port, int limit_ms)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *all = NULL;
	char		service[12];
	Sight		best = SIGHT_UNKNOWN;
	int			count = 0;

	snprintf(service, sizeof(service), "%d", port);
	if (getaddrinfo(host, service, &hints, &all) != 0)
		return SIGHT_UNKNOWN;
	for (struct addrinfo *one = all; one != NULL; one = one->ai_next)
		count++;
	for (struct addrinfo *one = all; one != NULL && best != SIGHT_ANSWERS && !InterruptPending; one = one->ai_next)
	{
		Sight		seen = look_at(one->ai_family, one->ai_addr, one->ai_addrlen, limit_ms / count);

		best = Max(best, seen);
	}
	freeaddrinfo(all);
	return best;
}

Datum
pg_promoter_look(PG_FUNCTION_ARGS)
{
	char	   *host = text_to_cstring(PG_GETARG_TEXT_PP(0));
	int			port = PG_GETARG_INT32(1);
	int			limit_ms = Max(1, Min(PG_GETARG_INT32(2), MOST_MS));
	Sight		seen = host[0] == '/' ? look_at_directory(host, port, limit_ms) : look_at_host(host, port, limit_ms);

	CHECK_FOR_INTERRUPTS();
	PG_RETURN_TEXT_P(cstring_to_text(seen == SIGHT_ANSWERS ? "answers" : seen == SIGHT_GONE ? "gone" : "unknown"));
}
