#include "CScan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

// What two bytes in a row can be wrong in, a bit each; a pair is wrong in what all three tables below say of it
// (Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte", 2020; Unicode 15, table 3-7).
enum {
    too_short = 1 << 0,     // a lead or ASCII where a tail is due
    too_long = 1 << 1,      // a tail after ASCII
    overlong_3 = 1 << 2,    // E0 80..9F
    too_large = 1 << 3,     // F4 90..BF, F5..FF
    surrogate = 1 << 4,     // ED A0..BF
    overlong_2 = 1 << 5,    // C0, C1
    too_large_80 = 1 << 6,  // F5..FF 80..8F
    overlong_4 = 1 << 6,    // F0 80..8F
    two_tails = 1 << 7,     // right only where a lead stands two or three bytes before
    any_low = too_short | too_long | two_tails,
};

#define TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

__attribute__((target("avx2"))) static inline __m256i shifted(__m256i block, __m256i before, int bytes) {
    const __m256i joined = _mm256_permute2x128_si256(before, block, 0x21);
    switch (bytes) {
    case 1: return _mm256_alignr_epi8(block, joined, 15);
    case 2: return _mm256_alignr_epi8(block, joined, 14);
    default: return _mm256_alignr_epi8(block, joined, 13);
    }
}

__attribute__((target("avx2"))) static inline __m256i faults(__m256i block, __m256i before) {
    const char two = (char)(too_long | overlong_2 | two_tails);
    const __m256i high_of_first = TWICE(
        too_long, too_long, too_long, too_long, too_long, too_long, too_long, too_long, (char)two_tails,
        (char)two_tails, (char)two_tails, (char)two_tails, too_short | overlong_2, too_short,
        too_short | overlong_3 | surrogate, too_short | too_large | too_large_80 | overlong_4);
    const char large = (char)(any_low | too_large | too_large_80);
    const __m256i low_of_first = TWICE(
        (char)(any_low | overlong_3 | overlong_2 | overlong_4), (char)(any_low | overlong_2), (char)any_low,
        (char)any_low, (char)(any_low | too_large), large, large, large, large, large, large, large, large,
        (char)(large | surrogate), large, large);
    const __m256i high_of_second = TWICE(
        too_short, too_short, too_short, too_short, too_short, too_short, too_short, too_short,
        (char)(two | overlong_3 | too_large_80 | overlong_4), (char)(two | overlong_3 | too_large),
        (char)(two | surrogate | too_large), (char)(two | surrogate | too_large), too_short, too_short, too_short,
        too_short);
    const __m256i nibble = _mm256_set1_epi8(0x0F);
    const __m256i first = shifted(block, before, 1);
    const __m256i pair = _mm256_and_si256(
        _mm256_and_si256(
            _mm256_shuffle_epi8(high_of_first, _mm256_and_si256(_mm256_srli_epi16(first, 4), nibble)),
            _mm256_shuffle_epi8(low_of_first, _mm256_and_si256(first, nibble))),
        _mm256_shuffle_epi8(high_of_second, _mm256_and_si256(_mm256_srli_epi16(block, 4), nibble)));
    // The third byte after a lead E0.., the fourth after F0..: there, and only there, two tails in a row are right.
    const __m256i third = _mm256_subs_epu8(shifted(block, before, 2), _mm256_set1_epi8((char)(0xE0 - 0x80)));
    const __m256i fourth = _mm256_subs_epu8(shifted(block, before, 3), _mm256_set1_epi8((char)(0xF0 - 0x80)));
    const __m256i due = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(due, pair);
}

__attribute__((target("avx2"))) static int is_utf8_avx2(const uint8_t *bytes, size_t count) {
    __m256i before = _mm256_setzero_si256(), wrong = before;
    size_t place = 0;
    for (; place + 32 <= count; place += 32) {
        const __m256i block = _mm256_loadu_si256((const __m256i *)(bytes + place));
        // Between two blocks of ASCII nothing can be wrong.
        if (_mm256_movemask_epi8(_mm256_or_si256(block, before)) != 0) {
            wrong = _mm256_or_si256(wrong, faults(block, before));
        }
        before = block;
    }
    // A last block that ends in zeros shows a character that the text's end cuts.
    uint8_t rest[32] = {0};
    if (count > place) memcpy(rest, bytes + place, count - place);
    wrong = _mm256_or_si256(wrong, faults(_mm256_loadu_si256((const __m256i *)rest), before));
    return _mm256_testz_si256(wrong, wrong);
}

int scan_is_utf8(const uint8_t *bytes, size_t count) {
    return __builtin_cpu_supports("avx2") ? is_utf8_avx2(bytes, count) : -1;
}
#else
int scan_is_utf8(const uint8_t *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return -1;
}
#endif
