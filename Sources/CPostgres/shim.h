#pragma once

#include <libpq-fe.h>

// The server's notices ("table does not exist, skipping") would go to standard error; they may quote data.
static inline void cpostgres_drop_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

static inline void cpostgres_silence(PGconn *connection) {
    PQsetNoticeReceiver(connection, cpostgres_drop_notice, NULL);
}
