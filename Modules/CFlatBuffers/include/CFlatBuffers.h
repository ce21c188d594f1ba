#ifndef MNN_CFLATBUFFERS_H
#define MNN_CFLATBUFFERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The schemas of `.mnn` and of TFLite as data, and libflatbuffers' verifier driven by them. Nothing here allocates,
// keeps state or throws.

typedef enum : uint8_t {
  MNNWireKind_scalar,
  MNNWireKind_enum,
  MNNWireKind_string,
  MNNWireKind_table,
  MNNWireKind_union_type,  // the id that says which table the next slot holds
  MNNWireKind_union
} MNNWireKind;

typedef enum : uint8_t {
  MNNWireType_bool,
  MNNWireType_byte,
  MNNWireType_ubyte,
  MNNWireType_ushort,
  MNNWireType_int,
  MNNWireType_uint,
  MNNWireType_long,
  MNNWireType_float,
  MNNWireType_offset  // strings, tables, unions
} MNNWireType;

typedef struct {
  const char *name;
  MNNWireKind kind;
  MNNWireType type;
  bool isVector;
  int16_t reference;  // index of the table (kind table), of the enum (kind enum) or of the union (kind union)
  double defaultValue;
} MNNWireField;

typedef struct {
  const char *name;
  const MNNWireField *fields;  // in slot order; null when there are none
  int32_t fieldCount;
} MNNWireTable;

typedef struct {
  const char *name;
  int32_t value;
} MNNWireEnumValue;

typedef struct {
  const char *name;
  const MNNWireEnumValue *values;  // ascending
  int32_t valueCount;
} MNNWireEnum;

typedef struct {
  const int16_t *tables;  // member id -> index of its table, -1 for one that is not followed
  int32_t count;
} MNNWireUnion;

typedef struct {
  const MNNWireTable *tables;
  int32_t tableCount;
  const MNNWireEnum *enums;  // of `.mnn`, the last one names the members of the union OpParameter
  int32_t enumCount;
  const MNNWireUnion *unions;
  int32_t unionCount;
  const int16_t *unionTables;  // those of the first union
  int32_t unionTableCount;
} MNNWireSchema;

const MNNWireSchema *mnn_wire_schema(void);
const MNNWireSchema *mnn_tflite_schema(void);

typedef struct {
  bool valid;
  // Where the innermost check failed: the table and its slot (-1: the table itself, or the root
  // offset when `table` is -1 too), and the byte position of the table.
  int32_t table;
  int32_t slot;
  uint64_t position;
} MNNWireVerdict;

// Verifies that `bytes` is a FlatBuffer with a root of kind `rootTable`: every offset that this schema
// knows stays inside and is aligned, every string ends in NUL, at most `maximumDepth` tables are nested and
// at most `maximumTables` are visited. Slots and union members of a later schema are not followed.
// Reads headers and offsets only, not the elements of scalar vectors. `size` above 2^31 - 2 is invalid.
MNNWireVerdict mnn_wire_verify(const uint8_t *bytes, size_t size, int32_t rootTable, uint32_t maximumDepth,
                               uint32_t maximumTables);

// The same for a table of TFLite.
MNNWireVerdict mnn_tflite_verify(const uint8_t *bytes, size_t size, int32_t rootTable, uint32_t maximumDepth,
                                 uint32_t maximumTables);

#ifdef __cplusplus
}
#endif

#endif
