// Closes what f32_<isa>.h opened.
#if F32V_LANES > 4
CK_TARGET_END
#endif
