// What Swift cannot call: SQLite's variadic configuration.
#ifndef CSQLITESETUP_H
#define CSQLITESETUP_H

/// Turns off the process's count of SQLite's memory, which every allocation of every connection takes one lock for.
///
/// To be called before SQLite is first used; later it changes nothing and gives SQLITE_MISUSE.
int sqlite_setup_without_memory_count(void);

#endif
