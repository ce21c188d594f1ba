// Keys whose order as unsigned numbers is that of the floats, NaN last, and the way back. Included once per level, with CK_FN
// defined.

void CK_FN(f32_to_keys)(size_t n, const uint32_t *bits, uint32_t *keys) {
  for (size_t i = 0; i < n; ++i) {
    const uint32_t b = bits[i], key = b ^ ((uint32_t)((int32_t)b >> 31) | 0x80000000);
    keys[i] = (b & 0x7fffffff) > 0x7f800000 ? UINT32_MAX : key;
  }
}

void CK_FN(f32_from_keys)(size_t n, uint32_t *keys) {
  for (size_t i = 0; i < n; ++i) {
    const uint32_t k = keys[i], b = k ^ ((uint32_t)~((int32_t)k >> 31) | 0x80000000);
    keys[i] = k == UINT32_MAX ? 0x7fc00000 : b;
  }
}
