#include <flatbuffers/flatbuffers.h>

#include "include/CFlatBuffers.h"

namespace {

#define COUNT(list) static_cast<int32_t>(sizeof list / sizeof *list)
#define SCHEMA {tables, COUNT(tables), enums, COUNT(enums), unions, COUNT(unions), unions[0].tables, unions[0].count}

namespace mnn {
#include "schema.inc"
const MNNWireSchema schema = SCHEMA;
}  // namespace mnn

namespace tflite {
#include "tflite.inc"
const MNNWireSchema schema = SCHEMA;
}  // namespace tflite

using flatbuffers::Offset;
using flatbuffers::soffset_t;  // FLATBUFFERS_MAX_BUFFER_SIZE names it bare
using flatbuffers::Table;
using flatbuffers::uoffset_t;
using flatbuffers::Vector;
using flatbuffers::voffset_t;

// Does what the code that flatc generates for one table does, for all tables, from the descriptors.
class TableVerifier {
 public:
  TableVerifier(const MNNWireSchema &schema, const uint8_t *bytes, size_t size, uint32_t depth, uint32_t count)
      : schema_(schema), bytes_(bytes), verifier_(bytes, size, depth, count, true) {}

  MNNWireVerdict verdict = {true, -1, -1, 0};

  bool root(int32_t kind) {
    const uoffset_t offset = verifier_.VerifyOffset(0);
    return (offset != 0 && table(reinterpret_cast<const Table *>(bytes_ + offset), kind)) || fail(-1, -1, bytes_);
  }

 private:
  const MNNWireSchema &schema_;
  const uint8_t *bytes_;
  flatbuffers::Verifier verifier_;

  // The innermost failure is the first to be noted; the callers that pass it on keep it.
  bool fail(int32_t kind, int32_t slot, const void *at) {
    if (verdict.valid) { verdict = {false, kind, slot, static_cast<uint64_t>(static_cast<const uint8_t *>(at) - bytes_)}; }
    return false;
  }

  bool table(const Table *table, int32_t kind) {
    if (!table->VerifyTableStart(verifier_)) return fail(kind, -1, table);
    const MNNWireTable &description = schema_.tables[kind];
    for (int32_t slot = 0; slot < description.fieldCount; ++slot) {
      if (!field(table, description.fields, slot)) return fail(kind, slot, table);
    }
    return verifier_.EndTable();
  }

  bool field(const Table *table, const MNNWireField *fields, int32_t slot) {
    const MNNWireField &field = fields[slot];
    const auto at = static_cast<voffset_t>(4 + 2 * slot);
    if (field.isVector) return vector(table, field, at);
    switch (field.kind) {
      case MNNWireKind_scalar:
      case MNNWireKind_enum:
      case MNNWireKind_union_type: return scalar(table, field.type, at);
      case MNNWireKind_string:
        return table->VerifyOffset(verifier_, at) && verifier_.VerifyString(table->GetPointer<const flatbuffers::String *>(at));
      case MNNWireKind_table: {
        if (!table->VerifyOffset(verifier_, at)) return false;
        const auto child = table->GetPointer<const Table *>(at);
        return child == nullptr || this->table(child, field.reference);
      }
      case MNNWireKind_union: {
        if (!table->VerifyOffset(verifier_, at)) return false;
        const auto child = table->GetPointer<const Table *>(at);
        const auto id = table->GetField<uint8_t>(static_cast<voffset_t>(at - 2), 0);
        const MNNWireUnion &members = schema_.unions[field.reference];
        const int32_t kind = id < members.count ? members.tables[id] : -1;
        return child == nullptr || kind < 0 || this->table(child, kind);
      }
    }
    return false;
  }

  bool scalar(const Table *table, MNNWireType type, voffset_t at) {
    switch (type) {
      case MNNWireType_bool:
      case MNNWireType_byte:
      case MNNWireType_ubyte: return table->VerifyField<uint8_t>(verifier_, at, 1);
      case MNNWireType_ushort: return table->VerifyField<uint16_t>(verifier_, at, 2);
      case MNNWireType_int:
      case MNNWireType_uint:
      case MNNWireType_float: return table->VerifyField<uint32_t>(verifier_, at, 4);
      case MNNWireType_long: return table->VerifyField<uint64_t>(verifier_, at, 8);
      case MNNWireType_offset: break;
    }
    return false;
  }

  template <typename T>
  bool elements(const Table *table, voffset_t at) {
    return verifier_.VerifyVector(table->GetPointer<const Vector<T> *>(at));
  }

  bool vector(const Table *table, const MNNWireField &field, voffset_t at) {
    if (!table->VerifyOffset(verifier_, at)) return false;
    switch (field.type) {
      case MNNWireType_bool:
      case MNNWireType_byte:
      case MNNWireType_ubyte: return elements<uint8_t>(table, at);
      case MNNWireType_ushort: return elements<uint16_t>(table, at);
      case MNNWireType_int:
      case MNNWireType_uint:
      case MNNWireType_float: return elements<uint32_t>(table, at);
      case MNNWireType_long: return elements<uint64_t>(table, at);
      case MNNWireType_offset: break;
    }
    // libflatbuffers follows the offsets of such a vector without looking whether they leave the buffer
    // (VerifyVectorOfStrings, VerifyVectorOfTables): each is verified here first.
    const auto offsets = table->GetPointer<const Vector<uoffset_t> *>(at);
    if (offsets == nullptr) return true;
    if (!verifier_.VerifyVector(offsets)) return false;
    for (uoffset_t i = 0; i < offsets->size(); ++i) {
      const uint8_t *slot = offsets->Data() + i * sizeof(uoffset_t);
      const uoffset_t offset = verifier_.VerifyOffset(slot, 0);
      if (offset == 0) return false;
      const bool valid = field.kind == MNNWireKind_string
                             ? verifier_.VerifyString(reinterpret_cast<const flatbuffers::String *>(slot + offset))
                             : this->table(reinterpret_cast<const Table *>(slot + offset), field.reference);
      if (!valid) return false;
    }
    return true;
  }
};

MNNWireVerdict verify(const MNNWireSchema &schema, const uint8_t *bytes, size_t size, int32_t rootTable, uint32_t maximumDepth,
                      uint32_t maximumTables) {
  // The verifier asserts the upper bound, which must not abort the program.
  if (bytes == nullptr || size < FLATBUFFERS_MIN_BUFFER_SIZE || size >= FLATBUFFERS_MAX_BUFFER_SIZE || rootTable < 0 ||
      rootTable >= schema.tableCount) {
    return {false, -1, -1, 0};
  }
  TableVerifier verifier(schema, bytes, size, maximumDepth, maximumTables);
  verifier.root(rootTable);
  return verifier.verdict;
}

}  // namespace

extern "C" const MNNWireSchema *mnn_wire_schema(void) { return &mnn::schema; }
extern "C" const MNNWireSchema *mnn_tflite_schema(void) { return &tflite::schema; }

extern "C" MNNWireVerdict mnn_wire_verify(const uint8_t *bytes, size_t size, int32_t rootTable, uint32_t maximumDepth,
                                          uint32_t maximumTables) {
  return verify(mnn::schema, bytes, size, rootTable, maximumDepth, maximumTables);
}

extern "C" MNNWireVerdict mnn_tflite_verify(const uint8_t *bytes, size_t size, int32_t rootTable, uint32_t maximumDepth,
                                            uint32_t maximumTables) {
  return verify(tflite::schema, bytes, size, rootTable, maximumDepth, maximumTables);
}
