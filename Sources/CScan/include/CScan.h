// What Swift cannot say: the byte masks of a 64-byte block, UTF-8 checked 32 bytes at a time, and a prefetch. No state.
#ifndef CSCAN_H
#define CSCAN_H

#include <stddef.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

typedef struct {
    uint64_t commas, newlines, quotes, high;  // bit i: byte i is `,`, LF, `"`, or has its top bit set
} scan_masks;

static inline scan_masks scan_block(const uint8_t *bytes) {
    scan_masks masks = {0, 0, 0, 0};
#if defined(__SSE2__)
    const __m128i comma = _mm_set1_epi8(','), newline = _mm_set1_epi8('\n'), quote = _mm_set1_epi8('"');
    for (int i = 0; i < 4; i++) {
        const __m128i lane = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
        masks.commas |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(lane, comma)) << (16 * i);
        masks.newlines |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(lane, newline)) << (16 * i);
        masks.quotes |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(lane, quote)) << (16 * i);
        masks.high |= (uint64_t)(uint32_t)_mm_movemask_epi8(lane) << (16 * i);
    }
#else
    for (int i = 0; i < 64; i++) {
        masks.commas |= (uint64_t)(bytes[i] == ',') << i;
        masks.newlines |= (uint64_t)(bytes[i] == '\n') << i;
        masks.quotes |= (uint64_t)(bytes[i] == '"') << i;
        masks.high |= (uint64_t)(bytes[i] >> 7) << i;
    }
#endif
    return masks;
}

// 1 where the bytes are well-formed UTF-8, 0 where not, -1 where this processor has no fast way to tell.
int scan_is_utf8(const uint8_t *bytes, size_t count);

static inline void scan_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

#endif
