/** Element types of graph values, by the ONNX `TensorProto.DataType` number. */
export const dataTypes = {
  /** 32-bit IEEE 754. */
  float32: 1,
  /** Unsigned byte. */
  uint8: 2,
  /** Signed byte. */
  int8: 3,
  /** Signed, 16 bits. */
  int16: 5,
  /** Signed, 32 bits. */
  int32: 6,
  /** Signed, 64 bits: the type of shapes and axes in ONNX. */
  int64: 7,
  /** True or false, one byte each. */
  bool: 9,
  /** 16-bit IEEE 754. */
  float16: 10,
  /** 64-bit IEEE 754. */
  float64: 11,
  /** The upper half of a float32. */
  bfloat16: 16,
} as const;

/** The name of an element type. */
export type DataType = keyof typeof dataTypes;
