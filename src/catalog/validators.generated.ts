// Made by `npm run generate` from the declarations beside it; edits are lost.
// @ts-nocheck
/* eslint-disable */
const option1 = validate10;
const schema11 = { type: 'integer', minimum: 1, maximum: 65536, $id: 'option1' };
function validate10(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option1" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate10.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 65536 || isNaN(data)) {
        validate10.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 65536 },
          },
        ];
        return false;
      } else {
        if (data < 1 || isNaN(data)) {
          validate10.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 1 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate10.errors = vErrors;
  return errors === 0;
}
const option2 = validate11;
const schema12 = {
  anyOf: [
    { type: 'integer', minimum: 1, maximum: 1024 },
    {
      type: 'array',
      items: { type: 'integer', minimum: 1, maximum: 1024 },
      minItems: 2,
      maxItems: 2,
    },
  ],
  $id: 'option2',
};
function validate11(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option2" */ let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    const err0 = {
      instancePath,
      schemaPath: '#/anyOf/0/type',
      keyword: 'type',
      params: { type: 'integer' },
    };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  if (errors === _errs1) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1024 || isNaN(data)) {
        const err1 = {
          instancePath,
          schemaPath: '#/anyOf/0/maximum',
          keyword: 'maximum',
          params: { comparison: '<=', limit: 1024 },
        };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      } else {
        if (data < 1 || isNaN(data)) {
          const err2 = {
            instancePath,
            schemaPath: '#/anyOf/0/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 1 },
          };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
      }
    }
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs3 = errors;
    if (errors === _errs3) {
      if (Array.isArray(data)) {
        if (data.length > 2) {
          const err3 = {
            instancePath,
            schemaPath: '#/anyOf/1/maxItems',
            keyword: 'maxItems',
            params: { limit: 2 },
          };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        } else {
          if (data.length < 2) {
            const err4 = {
              instancePath,
              schemaPath: '#/anyOf/1/minItems',
              keyword: 'minItems',
              params: { limit: 2 },
            };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          } else {
            var valid1 = true;
            const len0 = data.length;
            for (let i0 = 0; i0 < len0; i0++) {
              let data0 = data[i0];
              const _errs5 = errors;
              if (!(typeof data0 == 'number' && !(data0 % 1) && !isNaN(data0) && isFinite(data0))) {
                const err5 = {
                  instancePath: instancePath + '/' + i0,
                  schemaPath: '#/anyOf/1/items/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                };
                if (vErrors === null) {
                  vErrors = [err5];
                } else {
                  vErrors.push(err5);
                }
                errors++;
              }
              if (errors === _errs5) {
                if (typeof data0 == 'number' && isFinite(data0)) {
                  if (data0 > 1024 || isNaN(data0)) {
                    const err6 = {
                      instancePath: instancePath + '/' + i0,
                      schemaPath: '#/anyOf/1/items/maximum',
                      keyword: 'maximum',
                      params: { comparison: '<=', limit: 1024 },
                    };
                    if (vErrors === null) {
                      vErrors = [err6];
                    } else {
                      vErrors.push(err6);
                    }
                    errors++;
                  } else {
                    if (data0 < 1 || isNaN(data0)) {
                      const err7 = {
                        instancePath: instancePath + '/' + i0,
                        schemaPath: '#/anyOf/1/items/minimum',
                        keyword: 'minimum',
                        params: { comparison: '>=', limit: 1 },
                      };
                      if (vErrors === null) {
                        vErrors = [err7];
                      } else {
                        vErrors.push(err7);
                      }
                      errors++;
                    }
                  }
                }
              }
              var valid1 = _errs5 === errors;
              if (!valid1) {
                break;
              }
            }
          }
        }
      } else {
        const err8 = {
          instancePath,
          schemaPath: '#/anyOf/1/type',
          keyword: 'type',
          params: { type: 'array' },
        };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    var _valid0 = _errs3 === errors;
    valid0 = valid0 || _valid0;
  }
  if (!valid0) {
    const err9 = { instancePath, schemaPath: '#/anyOf', keyword: 'anyOf', params: {} };
    if (vErrors === null) {
      vErrors = [err9];
    } else {
      vErrors.push(err9);
    }
    errors++;
    validate11.errors = vErrors;
    return false;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate11.errors = vErrors;
  return errors === 0;
}
const option3 = validate12;
const schema13 = {
  anyOf: [
    { enum: ['same', 'valid'] },
    { type: 'integer', minimum: 0, maximum: 1024 },
    {
      type: 'array',
      items: { type: 'integer', minimum: 0, maximum: 1024 },
      minItems: 2,
      maxItems: 2,
    },
    {
      type: 'array',
      items: { type: 'integer', minimum: 0, maximum: 1024 },
      minItems: 4,
      maxItems: 4,
    },
  ],
  $id: 'option3',
};
function validate12(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option3" */ let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (!(data === 'same' || data === 'valid')) {
    const err0 = {
      instancePath,
      schemaPath: '#/anyOf/0/enum',
      keyword: 'enum',
      params: { allowedValues: schema13.anyOf[0].enum },
    };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs2 = errors;
    if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
      const err1 = {
        instancePath,
        schemaPath: '#/anyOf/1/type',
        keyword: 'type',
        params: { type: 'integer' },
      };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (errors === _errs2) {
      if (typeof data == 'number' && isFinite(data)) {
        if (data > 1024 || isNaN(data)) {
          const err2 = {
            instancePath,
            schemaPath: '#/anyOf/1/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1024 },
          };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        } else {
          if (data < 0 || isNaN(data)) {
            const err3 = {
              instancePath,
              schemaPath: '#/anyOf/1/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 0 },
            };
            if (vErrors === null) {
              vErrors = [err3];
            } else {
              vErrors.push(err3);
            }
            errors++;
          }
        }
      }
    }
    var _valid0 = _errs2 === errors;
    valid0 = valid0 || _valid0;
    if (!valid0) {
      const _errs4 = errors;
      if (errors === _errs4) {
        if (Array.isArray(data)) {
          if (data.length > 2) {
            const err4 = {
              instancePath,
              schemaPath: '#/anyOf/2/maxItems',
              keyword: 'maxItems',
              params: { limit: 2 },
            };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          } else {
            if (data.length < 2) {
              const err5 = {
                instancePath,
                schemaPath: '#/anyOf/2/minItems',
                keyword: 'minItems',
                params: { limit: 2 },
              };
              if (vErrors === null) {
                vErrors = [err5];
              } else {
                vErrors.push(err5);
              }
              errors++;
            } else {
              var valid1 = true;
              const len0 = data.length;
              for (let i0 = 0; i0 < len0; i0++) {
                let data0 = data[i0];
                const _errs6 = errors;
                if (!(
                  typeof data0 == 'number' &&
                  !(data0 % 1) &&
                  !isNaN(data0) &&
                  isFinite(data0)
                )) {
                  const err6 = {
                    instancePath: instancePath + '/' + i0,
                    schemaPath: '#/anyOf/2/items/type',
                    keyword: 'type',
                    params: { type: 'integer' },
                  };
                  if (vErrors === null) {
                    vErrors = [err6];
                  } else {
                    vErrors.push(err6);
                  }
                  errors++;
                }
                if (errors === _errs6) {
                  if (typeof data0 == 'number' && isFinite(data0)) {
                    if (data0 > 1024 || isNaN(data0)) {
                      const err7 = {
                        instancePath: instancePath + '/' + i0,
                        schemaPath: '#/anyOf/2/items/maximum',
                        keyword: 'maximum',
                        params: { comparison: '<=', limit: 1024 },
                      };
                      if (vErrors === null) {
                        vErrors = [err7];
                      } else {
                        vErrors.push(err7);
                      }
                      errors++;
                    } else {
                      if (data0 < 0 || isNaN(data0)) {
                        const err8 = {
                          instancePath: instancePath + '/' + i0,
                          schemaPath: '#/anyOf/2/items/minimum',
                          keyword: 'minimum',
                          params: { comparison: '>=', limit: 0 },
                        };
                        if (vErrors === null) {
                          vErrors = [err8];
                        } else {
                          vErrors.push(err8);
                        }
                        errors++;
                      }
                    }
                  }
                }
                var valid1 = _errs6 === errors;
                if (!valid1) {
                  break;
                }
              }
            }
          }
        } else {
          const err9 = {
            instancePath,
            schemaPath: '#/anyOf/2/type',
            keyword: 'type',
            params: { type: 'array' },
          };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
      }
      var _valid0 = _errs4 === errors;
      valid0 = valid0 || _valid0;
      if (!valid0) {
        const _errs8 = errors;
        if (errors === _errs8) {
          if (Array.isArray(data)) {
            if (data.length > 4) {
              const err10 = {
                instancePath,
                schemaPath: '#/anyOf/3/maxItems',
                keyword: 'maxItems',
                params: { limit: 4 },
              };
              if (vErrors === null) {
                vErrors = [err10];
              } else {
                vErrors.push(err10);
              }
              errors++;
            } else {
              if (data.length < 4) {
                const err11 = {
                  instancePath,
                  schemaPath: '#/anyOf/3/minItems',
                  keyword: 'minItems',
                  params: { limit: 4 },
                };
                if (vErrors === null) {
                  vErrors = [err11];
                } else {
                  vErrors.push(err11);
                }
                errors++;
              } else {
                var valid2 = true;
                const len1 = data.length;
                for (let i1 = 0; i1 < len1; i1++) {
                  let data1 = data[i1];
                  const _errs10 = errors;
                  if (!(
                    typeof data1 == 'number' &&
                    !(data1 % 1) &&
                    !isNaN(data1) &&
                    isFinite(data1)
                  )) {
                    const err12 = {
                      instancePath: instancePath + '/' + i1,
                      schemaPath: '#/anyOf/3/items/type',
                      keyword: 'type',
                      params: { type: 'integer' },
                    };
                    if (vErrors === null) {
                      vErrors = [err12];
                    } else {
                      vErrors.push(err12);
                    }
                    errors++;
                  }
                  if (errors === _errs10) {
                    if (typeof data1 == 'number' && isFinite(data1)) {
                      if (data1 > 1024 || isNaN(data1)) {
                        const err13 = {
                          instancePath: instancePath + '/' + i1,
                          schemaPath: '#/anyOf/3/items/maximum',
                          keyword: 'maximum',
                          params: { comparison: '<=', limit: 1024 },
                        };
                        if (vErrors === null) {
                          vErrors = [err13];
                        } else {
                          vErrors.push(err13);
                        }
                        errors++;
                      } else {
                        if (data1 < 0 || isNaN(data1)) {
                          const err14 = {
                            instancePath: instancePath + '/' + i1,
                            schemaPath: '#/anyOf/3/items/minimum',
                            keyword: 'minimum',
                            params: { comparison: '>=', limit: 0 },
                          };
                          if (vErrors === null) {
                            vErrors = [err14];
                          } else {
                            vErrors.push(err14);
                          }
                          errors++;
                        }
                      }
                    }
                  }
                  var valid2 = _errs10 === errors;
                  if (!valid2) {
                    break;
                  }
                }
              }
            }
          } else {
            const err15 = {
              instancePath,
              schemaPath: '#/anyOf/3/type',
              keyword: 'type',
              params: { type: 'array' },
            };
            if (vErrors === null) {
              vErrors = [err15];
            } else {
              vErrors.push(err15);
            }
            errors++;
          }
        }
        var _valid0 = _errs8 === errors;
        valid0 = valid0 || _valid0;
      }
    }
  }
  if (!valid0) {
    const err16 = { instancePath, schemaPath: '#/anyOf', keyword: 'anyOf', params: {} };
    if (vErrors === null) {
      vErrors = [err16];
    } else {
      vErrors.push(err16);
    }
    errors++;
    validate12.errors = vErrors;
    return false;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate12.errors = vErrors;
  return errors === 0;
}
const option4 = validate13;
const schema14 = { type: 'boolean', $id: 'option4' };
function validate13(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option4" */ let vErrors = null;
  let errors = 0;
  if (typeof data !== 'boolean') {
    validate13.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'boolean' } },
    ];
    return false;
  }
  validate13.errors = vErrors;
  return errors === 0;
}
const option5 = validate14;
const schema15 = {
  enum: ['he_normal', 'he_uniform', 'glorot_normal', 'glorot_uniform'],
  $id: 'option5',
};
function validate14(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option5" */ let vErrors = null;
  let errors = 0;
  if (!(
    data === 'he_normal' ||
    data === 'he_uniform' ||
    data === 'glorot_normal' ||
    data === 'glorot_uniform'
  )) {
    validate14.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema15.enum },
      },
    ];
    return false;
  }
  validate14.errors = vErrors;
  return errors === 0;
}
const option6 = validate15;
const schema16 = { enum: ['floor', 'ceil'], $id: 'option6' };
function validate15(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option6" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'floor' || data === 'ceil')) {
    validate15.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema16.enum },
      },
    ];
    return false;
  }
  validate15.errors = vErrors;
  return errors === 0;
}
const option7 = validate16;
const schema17 = { enum: ['half_pixel', 'align_corners', 'legacy'], $id: 'option7' };
function validate16(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option7" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'half_pixel' || data === 'align_corners' || data === 'legacy')) {
    validate16.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema17.enum },
      },
    ];
    return false;
  }
  validate16.errors = vErrors;
  return errors === 0;
}
const option8 = validate17;
const schema18 = { type: 'integer', minimum: 1, maximum: 64, $id: 'option8' };
function validate17(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option8" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate17.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 64 || isNaN(data)) {
        validate17.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 64 },
          },
        ];
        return false;
      } else {
        if (data < 1 || isNaN(data)) {
          validate17.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 1 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate17.errors = vErrors;
  return errors === 0;
}
const option9 = validate18;
const schema19 = { enum: ['channels_first', 'channels_last'], $id: 'option9' };
function validate18(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option9" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'channels_first' || data === 'channels_last')) {
    validate18.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema19.enum },
      },
    ];
    return false;
  }
  validate18.errors = vErrors;
  return errors === 0;
}
const option10 = validate19;
const schema20 = { enum: ['bilinear', 'nearest'], $id: 'option10' };
function validate19(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option10" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'bilinear' || data === 'nearest')) {
    validate19.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema20.enum },
      },
    ];
    return false;
  }
  validate19.errors = vErrors;
  return errors === 0;
}
const option11 = validate20;
const schema21 = { enum: ['exact', 'floor', 'half_even'], $id: 'option11' };
function validate20(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option11" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'exact' || data === 'floor' || data === 'half_even')) {
    validate20.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema21.enum },
      },
    ];
    return false;
  }
  validate20.errors = vErrors;
  return errors === 0;
}
const option12 = validate21;
const schema22 = {
  anyOf: [
    { type: 'integer', minimum: 0, maximum: 1024 },
    {
      type: 'array',
      items: { type: 'integer', minimum: 0, maximum: 1024 },
      minItems: 2,
      maxItems: 2,
    },
    {
      type: 'array',
      items: { type: 'integer', minimum: 0, maximum: 1024 },
      minItems: 4,
      maxItems: 4,
    },
  ],
  $id: 'option12',
};
function validate21(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option12" */ let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    const err0 = {
      instancePath,
      schemaPath: '#/anyOf/0/type',
      keyword: 'type',
      params: { type: 'integer' },
    };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  if (errors === _errs1) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1024 || isNaN(data)) {
        const err1 = {
          instancePath,
          schemaPath: '#/anyOf/0/maximum',
          keyword: 'maximum',
          params: { comparison: '<=', limit: 1024 },
        };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      } else {
        if (data < 0 || isNaN(data)) {
          const err2 = {
            instancePath,
            schemaPath: '#/anyOf/0/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
          };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
      }
    }
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs3 = errors;
    if (errors === _errs3) {
      if (Array.isArray(data)) {
        if (data.length > 2) {
          const err3 = {
            instancePath,
            schemaPath: '#/anyOf/1/maxItems',
            keyword: 'maxItems',
            params: { limit: 2 },
          };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        } else {
          if (data.length < 2) {
            const err4 = {
              instancePath,
              schemaPath: '#/anyOf/1/minItems',
              keyword: 'minItems',
              params: { limit: 2 },
            };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          } else {
            var valid1 = true;
            const len0 = data.length;
            for (let i0 = 0; i0 < len0; i0++) {
              let data0 = data[i0];
              const _errs5 = errors;
              if (!(typeof data0 == 'number' && !(data0 % 1) && !isNaN(data0) && isFinite(data0))) {
                const err5 = {
                  instancePath: instancePath + '/' + i0,
                  schemaPath: '#/anyOf/1/items/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                };
                if (vErrors === null) {
                  vErrors = [err5];
                } else {
                  vErrors.push(err5);
                }
                errors++;
              }
              if (errors === _errs5) {
                if (typeof data0 == 'number' && isFinite(data0)) {
                  if (data0 > 1024 || isNaN(data0)) {
                    const err6 = {
                      instancePath: instancePath + '/' + i0,
                      schemaPath: '#/anyOf/1/items/maximum',
                      keyword: 'maximum',
                      params: { comparison: '<=', limit: 1024 },
                    };
                    if (vErrors === null) {
                      vErrors = [err6];
                    } else {
                      vErrors.push(err6);
                    }
                    errors++;
                  } else {
                    if (data0 < 0 || isNaN(data0)) {
                      const err7 = {
                        instancePath: instancePath + '/' + i0,
                        schemaPath: '#/anyOf/1/items/minimum',
                        keyword: 'minimum',
                        params: { comparison: '>=', limit: 0 },
                      };
                      if (vErrors === null) {
                        vErrors = [err7];
                      } else {
                        vErrors.push(err7);
                      }
                      errors++;
                    }
                  }
                }
              }
              var valid1 = _errs5 === errors;
              if (!valid1) {
                break;
              }
            }
          }
        }
      } else {
        const err8 = {
          instancePath,
          schemaPath: '#/anyOf/1/type',
          keyword: 'type',
          params: { type: 'array' },
        };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    var _valid0 = _errs3 === errors;
    valid0 = valid0 || _valid0;
    if (!valid0) {
      const _errs7 = errors;
      if (errors === _errs7) {
        if (Array.isArray(data)) {
          if (data.length > 4) {
            const err9 = {
              instancePath,
              schemaPath: '#/anyOf/2/maxItems',
              keyword: 'maxItems',
              params: { limit: 4 },
            };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          } else {
            if (data.length < 4) {
              const err10 = {
                instancePath,
                schemaPath: '#/anyOf/2/minItems',
                keyword: 'minItems',
                params: { limit: 4 },
              };
              if (vErrors === null) {
                vErrors = [err10];
              } else {
                vErrors.push(err10);
              }
              errors++;
            } else {
              var valid2 = true;
              const len1 = data.length;
              for (let i1 = 0; i1 < len1; i1++) {
                let data1 = data[i1];
                const _errs9 = errors;
                if (!(
                  typeof data1 == 'number' &&
                  !(data1 % 1) &&
                  !isNaN(data1) &&
                  isFinite(data1)
                )) {
                  const err11 = {
                    instancePath: instancePath + '/' + i1,
                    schemaPath: '#/anyOf/2/items/type',
                    keyword: 'type',
                    params: { type: 'integer' },
                  };
                  if (vErrors === null) {
                    vErrors = [err11];
                  } else {
                    vErrors.push(err11);
                  }
                  errors++;
                }
                if (errors === _errs9) {
                  if (typeof data1 == 'number' && isFinite(data1)) {
                    if (data1 > 1024 || isNaN(data1)) {
                      const err12 = {
                        instancePath: instancePath + '/' + i1,
                        schemaPath: '#/anyOf/2/items/maximum',
                        keyword: 'maximum',
                        params: { comparison: '<=', limit: 1024 },
                      };
                      if (vErrors === null) {
                        vErrors = [err12];
                      } else {
                        vErrors.push(err12);
                      }
                      errors++;
                    } else {
                      if (data1 < 0 || isNaN(data1)) {
                        const err13 = {
                          instancePath: instancePath + '/' + i1,
                          schemaPath: '#/anyOf/2/items/minimum',
                          keyword: 'minimum',
                          params: { comparison: '>=', limit: 0 },
                        };
                        if (vErrors === null) {
                          vErrors = [err13];
                        } else {
                          vErrors.push(err13);
                        }
                        errors++;
                      }
                    }
                  }
                }
                var valid2 = _errs9 === errors;
                if (!valid2) {
                  break;
                }
              }
            }
          }
        } else {
          const err14 = {
            instancePath,
            schemaPath: '#/anyOf/2/type',
            keyword: 'type',
            params: { type: 'array' },
          };
          if (vErrors === null) {
            vErrors = [err14];
          } else {
            vErrors.push(err14);
          }
          errors++;
        }
      }
      var _valid0 = _errs7 === errors;
      valid0 = valid0 || _valid0;
    }
  }
  if (!valid0) {
    const err15 = { instancePath, schemaPath: '#/anyOf', keyword: 'anyOf', params: {} };
    if (vErrors === null) {
      vErrors = [err15];
    } else {
      vErrors.push(err15);
    }
    errors++;
    validate21.errors = vErrors;
    return false;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate21.errors = vErrors;
  return errors === 0;
}
const option13 = validate22;
const schema23 = { enum: ['zero', 'reflect', 'replicate', 'circular'], $id: 'option13' };
function validate22(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option13" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'zero' || data === 'reflect' || data === 'replicate' || data === 'circular')) {
    validate22.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema23.enum },
      },
    ];
    return false;
  }
  validate22.errors = vErrors;
  return errors === 0;
}
const option14 = validate23;
const schema24 = { type: 'integer', minimum: 0, maximum: 65535, $id: 'option14' };
function validate23(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option14" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate23.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 65535 || isNaN(data)) {
        validate23.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 65535 },
          },
        ];
        return false;
      } else {
        if (data < 0 || isNaN(data)) {
          validate23.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 0 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate23.errors = vErrors;
  return errors === 0;
}
const option15 = validate24;
const schema25 = { type: 'integer', minimum: 1, maximum: 1024, $id: 'option15' };
function validate24(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option15" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate24.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1024 || isNaN(data)) {
        validate24.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1024 },
          },
        ];
        return false;
      } else {
        if (data < 1 || isNaN(data)) {
          validate24.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 1 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate24.errors = vErrors;
  return errors === 0;
}
const option16 = validate25;
const schema26 = { type: 'integer', minimum: 0, maximum: 1023, $id: 'option16' };
function validate25(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option16" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate25.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1023 || isNaN(data)) {
        validate25.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1023 },
          },
        ];
        return false;
      } else {
        if (data < 0 || isNaN(data)) {
          validate25.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 0 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate25.errors = vErrors;
  return errors === 0;
}
const option17 = validate26;
const schema27 = { enum: ['none', 'relative'], $id: 'option17' };
function validate26(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option17" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'none' || data === 'relative')) {
    validate26.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema27.enum },
      },
    ];
    return false;
  }
  validate26.errors = vErrors;
  return errors === 0;
}
const option18 = validate27;
const schema28 = { type: 'number', exclusiveMinimum: 0, $id: 'option18' };
function validate27(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option18" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data <= 0 || isNaN(data)) {
        validate27.errors = [
          {
            instancePath,
            schemaPath: '#/exclusiveMinimum',
            keyword: 'exclusiveMinimum',
            params: { comparison: '>', limit: 0 },
          },
        ];
        return false;
      }
    } else {
      validate27.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate27.errors = vErrors;
  return errors === 0;
}
const option19 = validate28;
const schema29 = { type: 'number', minimum: 0, maximum: 1, $id: 'option19' };
function validate28(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option19" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1 || isNaN(data)) {
        validate28.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1 },
          },
        ];
        return false;
      } else {
        if (data < 0 || isNaN(data)) {
          validate28.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 0 },
            },
          ];
          return false;
        }
      }
    } else {
      validate28.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate28.errors = vErrors;
  return errors === 0;
}
const option20 = validate29;
const schema30 = { enum: ['biased', 'unbiased'], $id: 'option20' };
function validate29(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option20" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'biased' || data === 'unbiased')) {
    validate29.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema30.enum },
      },
    ];
    return false;
  }
  validate29.errors = vErrors;
  return errors === 0;
}
const option21 = validate30;
const schema31 = { type: 'number', $id: 'option21' };
function validate30(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option21" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && isFinite(data))) {
    validate30.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
    ];
    return false;
  }
  validate30.errors = vErrors;
  return errors === 0;
}
const option22 = validate31;
const schema32 = { type: 'number', minimum: 0, $id: 'option22' };
function validate31(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option22" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data < 0 || isNaN(data)) {
        validate31.errors = [
          {
            instancePath,
            schemaPath: '#/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
          },
        ];
        return false;
      }
    } else {
      validate31.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate31.errors = vErrors;
  return errors === 0;
}
const option23 = validate32;
const schema33 = { type: 'number', minimum: 0, exclusiveMaximum: 1, $id: 'option23' };
function validate32(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option23" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data < 0 || isNaN(data)) {
        validate32.errors = [
          {
            instancePath,
            schemaPath: '#/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
          },
        ];
        return false;
      } else {
        if (data >= 1 || isNaN(data)) {
          validate32.errors = [
            {
              instancePath,
              schemaPath: '#/exclusiveMaximum',
              keyword: 'exclusiveMaximum',
              params: { comparison: '<', limit: 1 },
            },
          ];
          return false;
        }
      }
    } else {
      validate32.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate32.errors = vErrors;
  return errors === 0;
}
const option24 = validate33;
const schema34 = { type: 'number', minimum: 1e-30, maximum: 0.1, $id: 'option24' };
function validate33(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option24" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 0.1 || isNaN(data)) {
        validate33.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 0.1 },
          },
        ];
        return false;
      } else {
        if (data < 1e-30 || isNaN(data)) {
          validate33.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 1e-30 },
            },
          ];
          return false;
        }
      }
    } else {
      validate33.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate33.errors = vErrors;
  return errors === 0;
}
const option25 = validate34;
const schema35 = {
  type: 'array',
  items: { type: 'number', minimum: 0 },
  minItems: 2,
  maxItems: 256,
  $id: 'option25',
};
function validate34(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option25" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 256) {
        validate34.errors = [
          { instancePath, schemaPath: '#/maxItems', keyword: 'maxItems', params: { limit: 256 } },
        ];
        return false;
      } else {
        if (data.length < 2) {
          validate34.errors = [
            { instancePath, schemaPath: '#/minItems', keyword: 'minItems', params: { limit: 2 } },
          ];
          return false;
        } else {
          var valid0 = true;
          const len0 = data.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data0 = data[i0];
            const _errs1 = errors;
            if (errors === _errs1) {
              if (typeof data0 == 'number' && isFinite(data0)) {
                if (data0 < 0 || isNaN(data0)) {
                  validate34.errors = [
                    {
                      instancePath: instancePath + '/' + i0,
                      schemaPath: '#/items/minimum',
                      keyword: 'minimum',
                      params: { comparison: '>=', limit: 0 },
                    },
                  ];
                  return false;
                }
              } else {
                validate34.errors = [
                  {
                    instancePath: instancePath + '/' + i0,
                    schemaPath: '#/items/type',
                    keyword: 'type',
                    params: { type: 'number' },
                  },
                ];
                return false;
              }
            }
            var valid0 = _errs1 === errors;
            if (!valid0) {
              break;
            }
          }
        }
      }
    } else {
      validate34.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'array' } },
      ];
      return false;
    }
  }
  validate34.errors = vErrors;
  return errors === 0;
}
const option26 = validate35;
const schema36 = { type: 'number', exclusiveMinimum: 0, maximum: 1, $id: 'option26' };
function validate35(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option26" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1 || isNaN(data)) {
        validate35.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1 },
          },
        ];
        return false;
      } else {
        if (data <= 0 || isNaN(data)) {
          validate35.errors = [
            {
              instancePath,
              schemaPath: '#/exclusiveMinimum',
              keyword: 'exclusiveMinimum',
              params: { comparison: '>', limit: 0 },
            },
          ];
          return false;
        }
      }
    } else {
      validate35.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate35.errors = vErrors;
  return errors === 0;
}
const option27 = validate36;
const schema37 = { enum: ['batch', 'image'], $id: 'option27' };
function validate36(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option27" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'batch' || data === 'image')) {
    validate36.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema37.enum },
      },
    ];
    return false;
  }
  validate36.errors = vErrors;
  return errors === 0;
}
const option28 = validate37;
const schema38 = { type: 'integer', minimum: 1, maximum: 63, $id: 'option28' };
function validate37(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option28" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate37.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 63 || isNaN(data)) {
        validate37.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 63 },
          },
        ];
        return false;
      } else {
        if (data < 1 || isNaN(data)) {
          validate37.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 1 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate37.errors = vErrors;
  return errors === 0;
}
const option29 = validate38;
const schema39 = { enum: ['last', 'every', 'repeated'], $id: 'option29' };
function validate38(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option29" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'last' || data === 'every' || data === 'repeated')) {
    validate38.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema39.enum },
      },
    ];
    return false;
  }
  validate38.errors = vErrors;
  return errors === 0;
}
const option30 = validate39;
const schema40 = { enum: ['present', 'all'], $id: 'option30' };
function validate39(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option30" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'present' || data === 'all')) {
    validate39.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema40.enum },
      },
    ];
    return false;
  }
  validate39.errors = vErrors;
  return errors === 0;
}
const option31 = validate40;
const schema41 = { type: 'integer', minimum: 1, maximum: 100, $id: 'option31' };
function validate40(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option31" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate40.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 100 || isNaN(data)) {
        validate40.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 100 },
          },
        ];
        return false;
      } else {
        if (data < 1 || isNaN(data)) {
          validate40.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 1 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate40.errors = vErrors;
  return errors === 0;
}
const option32 = validate41;
const schema42 = { enum: ['set', 'image'], $id: 'option32' };
function validate41(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option32" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'set' || data === 'image')) {
    validate41.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema42.enum },
      },
    ];
    return false;
  }
  validate41.errors = vErrors;
  return errors === 0;
}
const option33 = validate42;
const schema43 = { type: 'number', exclusiveMinimum: 0, maximum: 100, $id: 'option33' };
function validate42(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option33" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 100 || isNaN(data)) {
        validate42.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 100 },
          },
        ];
        return false;
      } else {
        if (data <= 0 || isNaN(data)) {
          validate42.errors = [
            {
              instancePath,
              schemaPath: '#/exclusiveMinimum',
              keyword: 'exclusiveMinimum',
              params: { comparison: '>', limit: 0 },
            },
          ];
          return false;
        }
      }
    } else {
      validate42.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate42.errors = vErrors;
  return errors === 0;
}
const option34 = validate43;
const schema44 = { type: 'integer', minimum: 1, maximum: 1000, $id: 'option34' };
function validate43(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option34" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate43.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1000 || isNaN(data)) {
        validate43.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1000 },
          },
        ];
        return false;
      } else {
        if (data < 1 || isNaN(data)) {
          validate43.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 1 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate43.errors = vErrors;
  return errors === 0;
}
const option35 = validate44;
const schema45 = { type: 'number', minimum: 0.5, exclusiveMaximum: 1, $id: 'option35' };
function validate44(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option35" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data < 0.5 || isNaN(data)) {
        validate44.errors = [
          {
            instancePath,
            schemaPath: '#/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0.5 },
          },
        ];
        return false;
      } else {
        if (data >= 1 || isNaN(data)) {
          validate44.errors = [
            {
              instancePath,
              schemaPath: '#/exclusiveMaximum',
              keyword: 'exclusiveMaximum',
              params: { comparison: '<', limit: 1 },
            },
          ];
          return false;
        }
      }
    } else {
      validate44.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate44.errors = vErrors;
  return errors === 0;
}
const option36 = validate45;
const schema46 = { type: 'integer', minimum: 1, maximum: 1000000, $id: 'option36' };
function validate45(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option36" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate45.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1000000 || isNaN(data)) {
        validate45.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1000000 },
          },
        ];
        return false;
      } else {
        if (data < 1 || isNaN(data)) {
          validate45.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 1 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate45.errors = vErrors;
  return errors === 0;
}
const option37 = validate46;
const schema47 = {
  type: 'array',
  items: { type: 'integer', minimum: 1, maximum: 1000000 },
  minItems: 1,
  maxItems: 1000,
  $id: 'option37',
};
function validate46(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option37" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 1000) {
        validate46.errors = [
          { instancePath, schemaPath: '#/maxItems', keyword: 'maxItems', params: { limit: 1000 } },
        ];
        return false;
      } else {
        if (data.length < 1) {
          validate46.errors = [
            { instancePath, schemaPath: '#/minItems', keyword: 'minItems', params: { limit: 1 } },
          ];
          return false;
        } else {
          var valid0 = true;
          const len0 = data.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data0 = data[i0];
            const _errs1 = errors;
            if (!(typeof data0 == 'number' && !(data0 % 1) && !isNaN(data0) && isFinite(data0))) {
              validate46.errors = [
                {
                  instancePath: instancePath + '/' + i0,
                  schemaPath: '#/items/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                },
              ];
              return false;
            }
            if (errors === _errs1) {
              if (typeof data0 == 'number' && isFinite(data0)) {
                if (data0 > 1000000 || isNaN(data0)) {
                  validate46.errors = [
                    {
                      instancePath: instancePath + '/' + i0,
                      schemaPath: '#/items/maximum',
                      keyword: 'maximum',
                      params: { comparison: '<=', limit: 1000000 },
                    },
                  ];
                  return false;
                } else {
                  if (data0 < 1 || isNaN(data0)) {
                    validate46.errors = [
                      {
                        instancePath: instancePath + '/' + i0,
                        schemaPath: '#/items/minimum',
                        keyword: 'minimum',
                        params: { comparison: '>=', limit: 1 },
                      },
                    ];
                    return false;
                  }
                }
              }
            }
            var valid0 = _errs1 === errors;
            if (!valid0) {
              break;
            }
          }
        }
      }
    } else {
      validate46.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'array' } },
      ];
      return false;
    }
  }
  validate46.errors = vErrors;
  return errors === 0;
}
const option38 = validate47;
const schema48 = { enum: ['cosine', 'linear'], $id: 'option38' };
function validate47(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option38" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'cosine' || data === 'linear')) {
    validate47.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema48.enum },
      },
    ];
    return false;
  }
  validate47.errors = vErrors;
  return errors === 0;
}
const option39 = validate48;
const schema49 = { type: 'integer', minimum: 0, maximum: 1000000, $id: 'option39' };
function validate48(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option39" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate48.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1000000 || isNaN(data)) {
        validate48.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1000000 },
          },
        ];
        return false;
      } else {
        if (data < 0 || isNaN(data)) {
          validate48.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 0 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate48.errors = vErrors;
  return errors === 0;
}
const option40 = validate49;
const schema50 = { enum: ['both', 'horizontal', 'vertical'], $id: 'option40' };
function validate49(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option40" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'both' || data === 'horizontal' || data === 'vertical')) {
    validate49.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema50.enum },
      },
    ];
    return false;
  }
  validate49.errors = vErrors;
  return errors === 0;
}
const option41 = validate50;
const schema51 = { type: 'number', minimum: 0, maximum: 180, $id: 'option41' };
function validate50(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option41" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 180 || isNaN(data)) {
        validate50.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 180 },
          },
        ];
        return false;
      } else {
        if (data < 0 || isNaN(data)) {
          validate50.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 0 },
            },
          ];
          return false;
        }
      }
    } else {
      validate50.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate50.errors = vErrors;
  return errors === 0;
}
const option42 = validate51;
const schema52 = { type: 'number', minimum: 0, maximum: 4, $id: 'option42' };
function validate51(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option42" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 4 || isNaN(data)) {
        validate51.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4 },
          },
        ];
        return false;
      } else {
        if (data < 0 || isNaN(data)) {
          validate51.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 0 },
            },
          ];
          return false;
        }
      }
    } else {
      validate51.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate51.errors = vErrors;
  return errors === 0;
}
const option43 = validate52;
const schema53 = { type: 'integer', minimum: 2, maximum: 64, $id: 'option43' };
function validate52(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option43" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate52.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 64 || isNaN(data)) {
        validate52.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 64 },
          },
        ];
        return false;
      } else {
        if (data < 2 || isNaN(data)) {
          validate52.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 2 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate52.errors = vErrors;
  return errors === 0;
}
const option44 = validate53;
const schema54 = { type: 'number', minimum: 0, maximum: 0.5, $id: 'option44' };
function validate53(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option44" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 0.5 || isNaN(data)) {
        validate53.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 0.5 },
          },
        ];
        return false;
      } else {
        if (data < 0 || isNaN(data)) {
          validate53.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 0 },
            },
          ];
          return false;
        }
      }
    } else {
      validate53.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate53.errors = vErrors;
  return errors === 0;
}
const option45 = validate54;
const schema55 = {
  anyOf: [
    { type: 'integer', minimum: 1, maximum: 16384 },
    {
      type: 'array',
      items: { type: 'integer', minimum: 1, maximum: 16384 },
      minItems: 2,
      maxItems: 2,
    },
  ],
  $id: 'option45',
};
function validate54(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option45" */ let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    const err0 = {
      instancePath,
      schemaPath: '#/anyOf/0/type',
      keyword: 'type',
      params: { type: 'integer' },
    };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  if (errors === _errs1) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 16384 || isNaN(data)) {
        const err1 = {
          instancePath,
          schemaPath: '#/anyOf/0/maximum',
          keyword: 'maximum',
          params: { comparison: '<=', limit: 16384 },
        };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      } else {
        if (data < 1 || isNaN(data)) {
          const err2 = {
            instancePath,
            schemaPath: '#/anyOf/0/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 1 },
          };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
      }
    }
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs3 = errors;
    if (errors === _errs3) {
      if (Array.isArray(data)) {
        if (data.length > 2) {
          const err3 = {
            instancePath,
            schemaPath: '#/anyOf/1/maxItems',
            keyword: 'maxItems',
            params: { limit: 2 },
          };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        } else {
          if (data.length < 2) {
            const err4 = {
              instancePath,
              schemaPath: '#/anyOf/1/minItems',
              keyword: 'minItems',
              params: { limit: 2 },
            };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          } else {
            var valid1 = true;
            const len0 = data.length;
            for (let i0 = 0; i0 < len0; i0++) {
              let data0 = data[i0];
              const _errs5 = errors;
              if (!(typeof data0 == 'number' && !(data0 % 1) && !isNaN(data0) && isFinite(data0))) {
                const err5 = {
                  instancePath: instancePath + '/' + i0,
                  schemaPath: '#/anyOf/1/items/type',
                  keyword: 'type',
                  params: { type: 'integer' },
                };
                if (vErrors === null) {
                  vErrors = [err5];
                } else {
                  vErrors.push(err5);
                }
                errors++;
              }
              if (errors === _errs5) {
                if (typeof data0 == 'number' && isFinite(data0)) {
                  if (data0 > 16384 || isNaN(data0)) {
                    const err6 = {
                      instancePath: instancePath + '/' + i0,
                      schemaPath: '#/anyOf/1/items/maximum',
                      keyword: 'maximum',
                      params: { comparison: '<=', limit: 16384 },
                    };
                    if (vErrors === null) {
                      vErrors = [err6];
                    } else {
                      vErrors.push(err6);
                    }
                    errors++;
                  } else {
                    if (data0 < 1 || isNaN(data0)) {
                      const err7 = {
                        instancePath: instancePath + '/' + i0,
                        schemaPath: '#/anyOf/1/items/minimum',
                        keyword: 'minimum',
                        params: { comparison: '>=', limit: 1 },
                      };
                      if (vErrors === null) {
                        vErrors = [err7];
                      } else {
                        vErrors.push(err7);
                      }
                      errors++;
                    }
                  }
                }
              }
              var valid1 = _errs5 === errors;
              if (!valid1) {
                break;
              }
            }
          }
        }
      } else {
        const err8 = {
          instancePath,
          schemaPath: '#/anyOf/1/type',
          keyword: 'type',
          params: { type: 'array' },
        };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    var _valid0 = _errs3 === errors;
    valid0 = valid0 || _valid0;
  }
  if (!valid0) {
    const err9 = { instancePath, schemaPath: '#/anyOf', keyword: 'anyOf', params: {} };
    if (vErrors === null) {
      vErrors = [err9];
    } else {
      vErrors.push(err9);
    }
    errors++;
    validate54.errors = vErrors;
    return false;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate54.errors = vErrors;
  return errors === 0;
}
const option46 = validate55;
const schema56 = { type: 'integer', minimum: 0, maximum: 8192, $id: 'option46' };
function validate55(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option46" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate55.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 8192 || isNaN(data)) {
        validate55.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 8192 },
          },
        ];
        return false;
      } else {
        if (data < 0 || isNaN(data)) {
          validate55.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 0 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate55.errors = vErrors;
  return errors === 0;
}
const option47 = validate56;
const schema57 = {
  type: 'array',
  items: { type: 'number' },
  minItems: 2,
  maxItems: 2,
  $id: 'option47',
};
function validate56(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option47" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 2) {
        validate56.errors = [
          { instancePath, schemaPath: '#/maxItems', keyword: 'maxItems', params: { limit: 2 } },
        ];
        return false;
      } else {
        if (data.length < 2) {
          validate56.errors = [
            { instancePath, schemaPath: '#/minItems', keyword: 'minItems', params: { limit: 2 } },
          ];
          return false;
        } else {
          var valid0 = true;
          const len0 = data.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data0 = data[i0];
            const _errs1 = errors;
            if (!(typeof data0 == 'number' && isFinite(data0))) {
              validate56.errors = [
                {
                  instancePath: instancePath + '/' + i0,
                  schemaPath: '#/items/type',
                  keyword: 'type',
                  params: { type: 'number' },
                },
              ];
              return false;
            }
            var valid0 = _errs1 === errors;
            if (!valid0) {
              break;
            }
          }
        }
      }
    } else {
      validate56.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'array' } },
      ];
      return false;
    }
  }
  validate56.errors = vErrors;
  return errors === 0;
}
const option48 = validate57;
const schema58 = {
  anyOf: [
    { type: 'number' },
    { type: 'array', items: { type: 'number' }, minItems: 1, maxItems: 65536 },
  ],
  $id: 'option48',
};
function validate57(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option48" */ let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (!(typeof data == 'number' && isFinite(data))) {
    const err0 = {
      instancePath,
      schemaPath: '#/anyOf/0/type',
      keyword: 'type',
      params: { type: 'number' },
    };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs3 = errors;
    if (errors === _errs3) {
      if (Array.isArray(data)) {
        if (data.length > 65536) {
          const err1 = {
            instancePath,
            schemaPath: '#/anyOf/1/maxItems',
            keyword: 'maxItems',
            params: { limit: 65536 },
          };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        } else {
          if (data.length < 1) {
            const err2 = {
              instancePath,
              schemaPath: '#/anyOf/1/minItems',
              keyword: 'minItems',
              params: { limit: 1 },
            };
            if (vErrors === null) {
              vErrors = [err2];
            } else {
              vErrors.push(err2);
            }
            errors++;
          } else {
            var valid1 = true;
            const len0 = data.length;
            for (let i0 = 0; i0 < len0; i0++) {
              let data0 = data[i0];
              const _errs5 = errors;
              if (!(typeof data0 == 'number' && isFinite(data0))) {
                const err3 = {
                  instancePath: instancePath + '/' + i0,
                  schemaPath: '#/anyOf/1/items/type',
                  keyword: 'type',
                  params: { type: 'number' },
                };
                if (vErrors === null) {
                  vErrors = [err3];
                } else {
                  vErrors.push(err3);
                }
                errors++;
              }
              var valid1 = _errs5 === errors;
              if (!valid1) {
                break;
              }
            }
          }
        }
      } else {
        const err4 = {
          instancePath,
          schemaPath: '#/anyOf/1/type',
          keyword: 'type',
          params: { type: 'array' },
        };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    var _valid0 = _errs3 === errors;
    valid0 = valid0 || _valid0;
  }
  if (!valid0) {
    const err5 = { instancePath, schemaPath: '#/anyOf', keyword: 'anyOf', params: {} };
    if (vErrors === null) {
      vErrors = [err5];
    } else {
      vErrors.push(err5);
    }
    errors++;
    validate57.errors = vErrors;
    return false;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate57.errors = vErrors;
  return errors === 0;
}
const option49 = validate58;
const schema59 = {
  anyOf: [
    { type: 'number', exclusiveMinimum: 0 },
    { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 1, maxItems: 65536 },
  ],
  $id: 'option49',
};
function validate58(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option49" */ let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (errors === _errs1) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data <= 0 || isNaN(data)) {
        const err0 = {
          instancePath,
          schemaPath: '#/anyOf/0/exclusiveMinimum',
          keyword: 'exclusiveMinimum',
          params: { comparison: '>', limit: 0 },
        };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    } else {
      const err1 = {
        instancePath,
        schemaPath: '#/anyOf/0/type',
        keyword: 'type',
        params: { type: 'number' },
      };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs3 = errors;
    if (errors === _errs3) {
      if (Array.isArray(data)) {
        if (data.length > 65536) {
          const err2 = {
            instancePath,
            schemaPath: '#/anyOf/1/maxItems',
            keyword: 'maxItems',
            params: { limit: 65536 },
          };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        } else {
          if (data.length < 1) {
            const err3 = {
              instancePath,
              schemaPath: '#/anyOf/1/minItems',
              keyword: 'minItems',
              params: { limit: 1 },
            };
            if (vErrors === null) {
              vErrors = [err3];
            } else {
              vErrors.push(err3);
            }
            errors++;
          } else {
            var valid1 = true;
            const len0 = data.length;
            for (let i0 = 0; i0 < len0; i0++) {
              let data0 = data[i0];
              const _errs5 = errors;
              if (errors === _errs5) {
                if (typeof data0 == 'number' && isFinite(data0)) {
                  if (data0 <= 0 || isNaN(data0)) {
                    const err4 = {
                      instancePath: instancePath + '/' + i0,
                      schemaPath: '#/anyOf/1/items/exclusiveMinimum',
                      keyword: 'exclusiveMinimum',
                      params: { comparison: '>', limit: 0 },
                    };
                    if (vErrors === null) {
                      vErrors = [err4];
                    } else {
                      vErrors.push(err4);
                    }
                    errors++;
                  }
                } else {
                  const err5 = {
                    instancePath: instancePath + '/' + i0,
                    schemaPath: '#/anyOf/1/items/type',
                    keyword: 'type',
                    params: { type: 'number' },
                  };
                  if (vErrors === null) {
                    vErrors = [err5];
                  } else {
                    vErrors.push(err5);
                  }
                  errors++;
                }
              }
              var valid1 = _errs5 === errors;
              if (!valid1) {
                break;
              }
            }
          }
        }
      } else {
        const err6 = {
          instancePath,
          schemaPath: '#/anyOf/1/type',
          keyword: 'type',
          params: { type: 'array' },
        };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    var _valid0 = _errs3 === errors;
    valid0 = valid0 || _valid0;
  }
  if (!valid0) {
    const err7 = { instancePath, schemaPath: '#/anyOf', keyword: 'anyOf', params: {} };
    if (vErrors === null) {
      vErrors = [err7];
    } else {
      vErrors.push(err7);
    }
    errors++;
    validate58.errors = vErrors;
    return false;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate58.errors = vErrors;
  return errors === 0;
}
const option50 = validate59;
const schema60 = { type: 'string', $id: 'option50' };
function validate59(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option50" */ let vErrors = null;
  let errors = 0;
  if (typeof data !== 'string') {
    validate59.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'string' } },
    ];
    return false;
  }
  validate59.errors = vErrors;
  return errors === 0;
}
const option51 = validate60;
const schema61 = { enum: ['refused', 'ignored', 'background'], $id: 'option51' };
function validate60(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option51" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'refused' || data === 'ignored' || data === 'background')) {
    validate60.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema61.enum },
      },
    ];
    return false;
  }
  validate60.errors = vErrors;
  return errors === 0;
}
const option52 = validate61;
const schema62 = { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1, $id: 'option52' };
function validate61(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option52" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data >= 1 || isNaN(data)) {
        validate61.errors = [
          {
            instancePath,
            schemaPath: '#/exclusiveMaximum',
            keyword: 'exclusiveMaximum',
            params: { comparison: '<', limit: 1 },
          },
        ];
        return false;
      } else {
        if (data <= 0 || isNaN(data)) {
          validate61.errors = [
            {
              instancePath,
              schemaPath: '#/exclusiveMinimum',
              keyword: 'exclusiveMinimum',
              params: { comparison: '>', limit: 0 },
            },
          ];
          return false;
        }
      }
    } else {
      validate61.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate61.errors = vErrors;
  return errors === 0;
}
const option53 = validate62;
const schema63 = { type: 'integer', minimum: 0, maximum: 4294967295, $id: 'option53' };
function validate62(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option53" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate62.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 4294967295 || isNaN(data)) {
        validate62.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 4294967295 },
          },
        ];
        return false;
      } else {
        if (data < 0 || isNaN(data)) {
          validate62.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 0 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate62.errors = vErrors;
  return errors === 0;
}
const option54 = validate63;
const schema64 = { type: 'integer', minimum: 2, maximum: 1000, $id: 'option54' };
function validate63(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option54" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate63.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1000 || isNaN(data)) {
        validate63.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1000 },
          },
        ];
        return false;
      } else {
        if (data < 2 || isNaN(data)) {
          validate63.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 2 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate63.errors = vErrors;
  return errors === 0;
}
const option55 = validate64;
const schema65 = { type: 'integer', minimum: 0, maximum: 999, $id: 'option55' };
function validate64(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option55" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate64.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 999 || isNaN(data)) {
        validate64.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 999 },
          },
        ];
        return false;
      } else {
        if (data < 0 || isNaN(data)) {
          validate64.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 0 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate64.errors = vErrors;
  return errors === 0;
}
const option56 = validate65;
const schema66 = {
  anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, { enum: ['found'] }],
  $id: 'option56',
};
function validate65(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option56" */ let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (errors === _errs1) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1 || isNaN(data)) {
        const err0 = {
          instancePath,
          schemaPath: '#/anyOf/0/maximum',
          keyword: 'maximum',
          params: { comparison: '<=', limit: 1 },
        };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      } else {
        if (data < 0 || isNaN(data)) {
          const err1 = {
            instancePath,
            schemaPath: '#/anyOf/0/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
          };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      }
    } else {
      const err2 = {
        instancePath,
        schemaPath: '#/anyOf/0/type',
        keyword: 'type',
        params: { type: 'number' },
      };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs3 = errors;
    if (!(data === 'found')) {
      const err3 = {
        instancePath,
        schemaPath: '#/anyOf/1/enum',
        keyword: 'enum',
        params: { allowedValues: schema66.anyOf[1].enum },
      };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    var _valid0 = _errs3 === errors;
    valid0 = valid0 || _valid0;
  }
  if (!valid0) {
    const err4 = { instancePath, schemaPath: '#/anyOf', keyword: 'anyOf', params: {} };
    if (vErrors === null) {
      vErrors = [err4];
    } else {
      vErrors.push(err4);
    }
    errors++;
    validate65.errors = vErrors;
    return false;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate65.errors = vErrors;
  return errors === 0;
}
const option57 = validate66;
const schema67 = { type: 'integer', minimum: 1, maximum: 1000000000, $id: 'option57' };
function validate66(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option57" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate66.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1000000000 || isNaN(data)) {
        validate66.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1000000000 },
          },
        ];
        return false;
      } else {
        if (data < 1 || isNaN(data)) {
          validate66.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 1 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate66.errors = vErrors;
  return errors === 0;
}
const option58 = validate67;
const schema68 = { type: 'integer', minimum: 1, maximum: 254, $id: 'option58' };
function validate67(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option58" */ let vErrors = null;
  let errors = 0;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    validate67.errors = [
      { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'integer' } },
    ];
    return false;
  }
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 254 || isNaN(data)) {
        validate67.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 254 },
          },
        ];
        return false;
      } else {
        if (data < 1 || isNaN(data)) {
          validate67.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 1 },
            },
          ];
          return false;
        }
      }
    }
  }
  validate67.errors = vErrors;
  return errors === 0;
}
const option59 = validate68;
const schema69 = { type: 'number', exclusiveMinimum: 0, maximum: 1000, $id: 'option59' };
function validate68(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option59" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 1000 || isNaN(data)) {
        validate68.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1000 },
          },
        ];
        return false;
      } else {
        if (data <= 0 || isNaN(data)) {
          validate68.errors = [
            {
              instancePath,
              schemaPath: '#/exclusiveMinimum',
              keyword: 'exclusiveMinimum',
              params: { comparison: '>', limit: 0 },
            },
          ];
          return false;
        }
      }
    } else {
      validate68.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate68.errors = vErrors;
  return errors === 0;
}
const option60 = validate69;
const schema70 = { type: 'number', minimum: 0, maximum: 100, $id: 'option60' };
function validate69(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option60" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 100 || isNaN(data)) {
        validate69.errors = [
          {
            instancePath,
            schemaPath: '#/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 100 },
          },
        ];
        return false;
      } else {
        if (data < 0 || isNaN(data)) {
          validate69.errors = [
            {
              instancePath,
              schemaPath: '#/minimum',
              keyword: 'minimum',
              params: { comparison: '>=', limit: 0 },
            },
          ];
          return false;
        }
      }
    } else {
      validate69.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'number' } },
      ];
      return false;
    }
  }
  validate69.errors = vErrors;
  return errors === 0;
}
const option61 = validate70;
const schema71 = {
  type: 'array',
  items: { type: 'string' },
  minItems: 1,
  maxItems: 255,
  $id: 'option61',
};
function validate70(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option61" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 255) {
        validate70.errors = [
          { instancePath, schemaPath: '#/maxItems', keyword: 'maxItems', params: { limit: 255 } },
        ];
        return false;
      } else {
        if (data.length < 1) {
          validate70.errors = [
            { instancePath, schemaPath: '#/minItems', keyword: 'minItems', params: { limit: 1 } },
          ];
          return false;
        } else {
          var valid0 = true;
          const len0 = data.length;
          for (let i0 = 0; i0 < len0; i0++) {
            const _errs1 = errors;
            if (typeof data[i0] !== 'string') {
              validate70.errors = [
                {
                  instancePath: instancePath + '/' + i0,
                  schemaPath: '#/items/type',
                  keyword: 'type',
                  params: { type: 'string' },
                },
              ];
              return false;
            }
            var valid0 = _errs1 === errors;
            if (!valid0) {
              break;
            }
          }
        }
      }
    } else {
      validate70.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'array' } },
      ];
      return false;
    }
  }
  validate70.errors = vErrors;
  return errors === 0;
}
const option62 = validate71;
const schema72 = { enum: ['none', 'sum', 'repeat', 'random'], $id: 'option62' };
function validate71(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option62" */ let vErrors = null;
  let errors = 0;
  if (!(data === 'none' || data === 'sum' || data === 'repeat' || data === 'random')) {
    validate71.errors = [
      {
        instancePath,
        schemaPath: '#/enum',
        keyword: 'enum',
        params: { allowedValues: schema72.enum },
      },
    ];
    return false;
  }
  validate71.errors = vErrors;
  return errors === 0;
}
const option63 = validate72;
const schema73 = {
  type: 'array',
  items: {
    type: 'array',
    items: { type: 'integer', minimum: 0, maximum: 255 },
    minItems: 3,
    maxItems: 3,
  },
  minItems: 2,
  maxItems: 256,
  $id: 'option63',
};
function validate72(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option63" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 256) {
        validate72.errors = [
          { instancePath, schemaPath: '#/maxItems', keyword: 'maxItems', params: { limit: 256 } },
        ];
        return false;
      } else {
        if (data.length < 2) {
          validate72.errors = [
            { instancePath, schemaPath: '#/minItems', keyword: 'minItems', params: { limit: 2 } },
          ];
          return false;
        } else {
          var valid0 = true;
          const len0 = data.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data0 = data[i0];
            const _errs1 = errors;
            if (errors === _errs1) {
              if (Array.isArray(data0)) {
                if (data0.length > 3) {
                  validate72.errors = [
                    {
                      instancePath: instancePath + '/' + i0,
                      schemaPath: '#/items/maxItems',
                      keyword: 'maxItems',
                      params: { limit: 3 },
                    },
                  ];
                  return false;
                } else {
                  if (data0.length < 3) {
                    validate72.errors = [
                      {
                        instancePath: instancePath + '/' + i0,
                        schemaPath: '#/items/minItems',
                        keyword: 'minItems',
                        params: { limit: 3 },
                      },
                    ];
                    return false;
                  } else {
                    var valid1 = true;
                    const len1 = data0.length;
                    for (let i1 = 0; i1 < len1; i1++) {
                      let data1 = data0[i1];
                      const _errs3 = errors;
                      if (!(
                        typeof data1 == 'number' &&
                        !(data1 % 1) &&
                        !isNaN(data1) &&
                        isFinite(data1)
                      )) {
                        validate72.errors = [
                          {
                            instancePath: instancePath + '/' + i0 + '/' + i1,
                            schemaPath: '#/items/items/type',
                            keyword: 'type',
                            params: { type: 'integer' },
                          },
                        ];
                        return false;
                      }
                      if (errors === _errs3) {
                        if (typeof data1 == 'number' && isFinite(data1)) {
                          if (data1 > 255 || isNaN(data1)) {
                            validate72.errors = [
                              {
                                instancePath: instancePath + '/' + i0 + '/' + i1,
                                schemaPath: '#/items/items/maximum',
                                keyword: 'maximum',
                                params: { comparison: '<=', limit: 255 },
                              },
                            ];
                            return false;
                          } else {
                            if (data1 < 0 || isNaN(data1)) {
                              validate72.errors = [
                                {
                                  instancePath: instancePath + '/' + i0 + '/' + i1,
                                  schemaPath: '#/items/items/minimum',
                                  keyword: 'minimum',
                                  params: { comparison: '>=', limit: 0 },
                                },
                              ];
                              return false;
                            }
                          }
                        }
                      }
                      var valid1 = _errs3 === errors;
                      if (!valid1) {
                        break;
                      }
                    }
                  }
                }
              } else {
                validate72.errors = [
                  {
                    instancePath: instancePath + '/' + i0,
                    schemaPath: '#/items/type',
                    keyword: 'type',
                    params: { type: 'array' },
                  },
                ];
                return false;
              }
            }
            var valid0 = _errs1 === errors;
            if (!valid0) {
              break;
            }
          }
        }
      }
    } else {
      validate72.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'array' } },
      ];
      return false;
    }
  }
  validate72.errors = vErrors;
  return errors === 0;
}
const option64 = validate73;
const schema74 = {
  type: 'array',
  items: { type: 'string' },
  minItems: 2,
  maxItems: 255,
  $id: 'option64',
};
function validate73(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option64" */ let vErrors = null;
  let errors = 0;
  if (errors === 0) {
    if (Array.isArray(data)) {
      if (data.length > 255) {
        validate73.errors = [
          { instancePath, schemaPath: '#/maxItems', keyword: 'maxItems', params: { limit: 255 } },
        ];
        return false;
      } else {
        if (data.length < 2) {
          validate73.errors = [
            { instancePath, schemaPath: '#/minItems', keyword: 'minItems', params: { limit: 2 } },
          ];
          return false;
        } else {
          var valid0 = true;
          const len0 = data.length;
          for (let i0 = 0; i0 < len0; i0++) {
            const _errs1 = errors;
            if (typeof data[i0] !== 'string') {
              validate73.errors = [
                {
                  instancePath: instancePath + '/' + i0,
                  schemaPath: '#/items/type',
                  keyword: 'type',
                  params: { type: 'string' },
                },
              ];
              return false;
            }
            var valid0 = _errs1 === errors;
            if (!valid0) {
              break;
            }
          }
        }
      }
    } else {
      validate73.errors = [
        { instancePath, schemaPath: '#/type', keyword: 'type', params: { type: 'array' } },
      ];
      return false;
    }
  }
  validate73.errors = vErrors;
  return errors === 0;
}
const option65 = validate74;
const schema75 = {
  anyOf: [
    { type: 'integer', minimum: 0, maximum: 65535 },
    { type: 'array', items: { type: 'integer', minimum: 0, maximum: 65535 }, maxItems: 256 },
    {
      type: 'array',
      items: {
        type: 'array',
        items: { type: 'integer', minimum: 0, maximum: 255 },
        minItems: 3,
        maxItems: 3,
      },
      maxItems: 256,
    },
  ],
  $id: 'option65',
};
function validate74(
  data,
  { instancePath = '', parentData, parentDataProperty, rootData = data } = {},
) {
  /*# sourceURL="option65" */ let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (!(typeof data == 'number' && !(data % 1) && !isNaN(data) && isFinite(data))) {
    const err0 = {
      instancePath,
      schemaPath: '#/anyOf/0/type',
      keyword: 'type',
      params: { type: 'integer' },
    };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  if (errors === _errs1) {
    if (typeof data == 'number' && isFinite(data)) {
      if (data > 65535 || isNaN(data)) {
        const err1 = {
          instancePath,
          schemaPath: '#/anyOf/0/maximum',
          keyword: 'maximum',
          params: { comparison: '<=', limit: 65535 },
        };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      } else {
        if (data < 0 || isNaN(data)) {
          const err2 = {
            instancePath,
            schemaPath: '#/anyOf/0/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
          };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
      }
    }
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs3 = errors;
    if (errors === _errs3) {
      if (Array.isArray(data)) {
        if (data.length > 256) {
          const err3 = {
            instancePath,
            schemaPath: '#/anyOf/1/maxItems',
            keyword: 'maxItems',
            params: { limit: 256 },
          };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        } else {
          var valid1 = true;
          const len0 = data.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data0 = data[i0];
            const _errs5 = errors;
            if (!(typeof data0 == 'number' && !(data0 % 1) && !isNaN(data0) && isFinite(data0))) {
              const err4 = {
                instancePath: instancePath + '/' + i0,
                schemaPath: '#/anyOf/1/items/type',
                keyword: 'type',
                params: { type: 'integer' },
              };
              if (vErrors === null) {
                vErrors = [err4];
              } else {
                vErrors.push(err4);
              }
              errors++;
            }
            if (errors === _errs5) {
              if (typeof data0 == 'number' && isFinite(data0)) {
                if (data0 > 65535 || isNaN(data0)) {
                  const err5 = {
                    instancePath: instancePath + '/' + i0,
                    schemaPath: '#/anyOf/1/items/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 65535 },
                  };
                  if (vErrors === null) {
                    vErrors = [err5];
                  } else {
                    vErrors.push(err5);
                  }
                  errors++;
                } else {
                  if (data0 < 0 || isNaN(data0)) {
                    const err6 = {
                      instancePath: instancePath + '/' + i0,
                      schemaPath: '#/anyOf/1/items/minimum',
                      keyword: 'minimum',
                      params: { comparison: '>=', limit: 0 },
                    };
                    if (vErrors === null) {
                      vErrors = [err6];
                    } else {
                      vErrors.push(err6);
                    }
                    errors++;
                  }
                }
              }
            }
            var valid1 = _errs5 === errors;
            if (!valid1) {
              break;
            }
          }
        }
      } else {
        const err7 = {
          instancePath,
          schemaPath: '#/anyOf/1/type',
          keyword: 'type',
          params: { type: 'array' },
        };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    var _valid0 = _errs3 === errors;
    valid0 = valid0 || _valid0;
    if (!valid0) {
      const _errs7 = errors;
      if (errors === _errs7) {
        if (Array.isArray(data)) {
          if (data.length > 256) {
            const err8 = {
              instancePath,
              schemaPath: '#/anyOf/2/maxItems',
              keyword: 'maxItems',
              params: { limit: 256 },
            };
            if (vErrors === null) {
              vErrors = [err8];
            } else {
              vErrors.push(err8);
            }
            errors++;
          } else {
            var valid2 = true;
            const len1 = data.length;
            for (let i1 = 0; i1 < len1; i1++) {
              let data1 = data[i1];
              const _errs9 = errors;
              if (errors === _errs9) {
                if (Array.isArray(data1)) {
                  if (data1.length > 3) {
                    const err9 = {
                      instancePath: instancePath + '/' + i1,
                      schemaPath: '#/anyOf/2/items/maxItems',
                      keyword: 'maxItems',
                      params: { limit: 3 },
                    };
                    if (vErrors === null) {
                      vErrors = [err9];
                    } else {
                      vErrors.push(err9);
                    }
                    errors++;
                  } else {
                    if (data1.length < 3) {
                      const err10 = {
                        instancePath: instancePath + '/' + i1,
                        schemaPath: '#/anyOf/2/items/minItems',
                        keyword: 'minItems',
                        params: { limit: 3 },
                      };
                      if (vErrors === null) {
                        vErrors = [err10];
                      } else {
                        vErrors.push(err10);
                      }
                      errors++;
                    } else {
                      var valid3 = true;
                      const len2 = data1.length;
                      for (let i2 = 0; i2 < len2; i2++) {
                        let data2 = data1[i2];
                        const _errs11 = errors;
                        if (!(
                          typeof data2 == 'number' &&
                          !(data2 % 1) &&
                          !isNaN(data2) &&
                          isFinite(data2)
                        )) {
                          const err11 = {
                            instancePath: instancePath + '/' + i1 + '/' + i2,
                            schemaPath: '#/anyOf/2/items/items/type',
                            keyword: 'type',
                            params: { type: 'integer' },
                          };
                          if (vErrors === null) {
                            vErrors = [err11];
                          } else {
                            vErrors.push(err11);
                          }
                          errors++;
                        }
                        if (errors === _errs11) {
                          if (typeof data2 == 'number' && isFinite(data2)) {
                            if (data2 > 255 || isNaN(data2)) {
                              const err12 = {
                                instancePath: instancePath + '/' + i1 + '/' + i2,
                                schemaPath: '#/anyOf/2/items/items/maximum',
                                keyword: 'maximum',
                                params: { comparison: '<=', limit: 255 },
                              };
                              if (vErrors === null) {
                                vErrors = [err12];
                              } else {
                                vErrors.push(err12);
                              }
                              errors++;
                            } else {
                              if (data2 < 0 || isNaN(data2)) {
                                const err13 = {
                                  instancePath: instancePath + '/' + i1 + '/' + i2,
                                  schemaPath: '#/anyOf/2/items/items/minimum',
                                  keyword: 'minimum',
                                  params: { comparison: '>=', limit: 0 },
                                };
                                if (vErrors === null) {
                                  vErrors = [err13];
                                } else {
                                  vErrors.push(err13);
                                }
                                errors++;
                              }
                            }
                          }
                        }
                        var valid3 = _errs11 === errors;
                        if (!valid3) {
                          break;
                        }
                      }
                    }
                  }
                } else {
                  const err14 = {
                    instancePath: instancePath + '/' + i1,
                    schemaPath: '#/anyOf/2/items/type',
                    keyword: 'type',
                    params: { type: 'array' },
                  };
                  if (vErrors === null) {
                    vErrors = [err14];
                  } else {
                    vErrors.push(err14);
                  }
                  errors++;
                }
              }
              var valid2 = _errs9 === errors;
              if (!valid2) {
                break;
              }
            }
          }
        } else {
          const err15 = {
            instancePath,
            schemaPath: '#/anyOf/2/type',
            keyword: 'type',
            params: { type: 'array' },
          };
          if (vErrors === null) {
            vErrors = [err15];
          } else {
            vErrors.push(err15);
          }
          errors++;
        }
      }
      var _valid0 = _errs7 === errors;
      valid0 = valid0 || _valid0;
    }
  }
  if (!valid0) {
    const err16 = { instancePath, schemaPath: '#/anyOf', keyword: 'anyOf', params: {} };
    if (vErrors === null) {
      vErrors = [err16];
    } else {
      vErrors.push(err16);
    }
    errors++;
    validate74.errors = vErrors;
    return false;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate74.errors = vErrors;
  return errors === 0;
}
/** The compiled check of each option schema, by `schemaKey`. */
export const validators: Readonly<Record<string, (value: unknown) => boolean>> = {
  '{"type":"integer","minimum":1,"maximum":65536}': option1,
  '{"anyOf":[{"type":"integer","minimum":1,"maximum":1024},{"type":"array","items":{"type":"integer","minimum":1,"maximum":1024},"minItems":2,"maxItems":2}]}':
    option2,
  '{"anyOf":[{"enum":["same","valid"]},{"type":"integer","minimum":0,"maximum":1024},{"type":"array","items":{"type":"integer","minimum":0,"maximum":1024},"minItems":2,"maxItems":2},{"type":"array","items":{"type":"integer","minimum":0,"maximum":1024},"minItems":4,"maxItems":4}]}':
    option3,
  '{"type":"boolean"}': option4,
  '{"enum":["he_normal","he_uniform","glorot_normal","glorot_uniform"]}': option5,
  '{"enum":["floor","ceil"]}': option6,
  '{"enum":["half_pixel","align_corners","legacy"]}': option7,
  '{"type":"integer","minimum":1,"maximum":64}': option8,
  '{"enum":["channels_first","channels_last"]}': option9,
  '{"enum":["bilinear","nearest"]}': option10,
  '{"enum":["exact","floor","half_even"]}': option11,
  '{"anyOf":[{"type":"integer","minimum":0,"maximum":1024},{"type":"array","items":{"type":"integer","minimum":0,"maximum":1024},"minItems":2,"maxItems":2},{"type":"array","items":{"type":"integer","minimum":0,"maximum":1024},"minItems":4,"maxItems":4}]}':
    option12,
  '{"enum":["zero","reflect","replicate","circular"]}': option13,
  '{"type":"integer","minimum":0,"maximum":65535}': option14,
  '{"type":"integer","minimum":1,"maximum":1024}': option15,
  '{"type":"integer","minimum":0,"maximum":1023}': option16,
  '{"enum":["none","relative"]}': option17,
  '{"type":"number","exclusiveMinimum":0}': option18,
  '{"type":"number","minimum":0,"maximum":1}': option19,
  '{"enum":["biased","unbiased"]}': option20,
  '{"type":"number"}': option21,
  '{"type":"number","minimum":0}': option22,
  '{"type":"number","minimum":0,"exclusiveMaximum":1}': option23,
  '{"type":"number","minimum":1e-30,"maximum":0.1}': option24,
  '{"type":"array","items":{"type":"number","minimum":0},"minItems":2,"maxItems":256}': option25,
  '{"type":"number","exclusiveMinimum":0,"maximum":1}': option26,
  '{"enum":["batch","image"]}': option27,
  '{"type":"integer","minimum":1,"maximum":63}': option28,
  '{"enum":["last","every","repeated"]}': option29,
  '{"enum":["present","all"]}': option30,
  '{"type":"integer","minimum":1,"maximum":100}': option31,
  '{"enum":["set","image"]}': option32,
  '{"type":"number","exclusiveMinimum":0,"maximum":100}': option33,
  '{"type":"integer","minimum":1,"maximum":1000}': option34,
  '{"type":"number","minimum":0.5,"exclusiveMaximum":1}': option35,
  '{"type":"integer","minimum":1,"maximum":1000000}': option36,
  '{"type":"array","items":{"type":"integer","minimum":1,"maximum":1000000},"minItems":1,"maxItems":1000}':
    option37,
  '{"enum":["cosine","linear"]}': option38,
  '{"type":"integer","minimum":0,"maximum":1000000}': option39,
  '{"enum":["both","horizontal","vertical"]}': option40,
  '{"type":"number","minimum":0,"maximum":180}': option41,
  '{"type":"number","minimum":0,"maximum":4}': option42,
  '{"type":"integer","minimum":2,"maximum":64}': option43,
  '{"type":"number","minimum":0,"maximum":0.5}': option44,
  '{"anyOf":[{"type":"integer","minimum":1,"maximum":16384},{"type":"array","items":{"type":"integer","minimum":1,"maximum":16384},"minItems":2,"maxItems":2}]}':
    option45,
  '{"type":"integer","minimum":0,"maximum":8192}': option46,
  '{"type":"array","items":{"type":"number"},"minItems":2,"maxItems":2}': option47,
  '{"anyOf":[{"type":"number"},{"type":"array","items":{"type":"number"},"minItems":1,"maxItems":65536}]}':
    option48,
  '{"anyOf":[{"type":"number","exclusiveMinimum":0},{"type":"array","items":{"type":"number","exclusiveMinimum":0},"minItems":1,"maxItems":65536}]}':
    option49,
  '{"type":"string"}': option50,
  '{"enum":["refused","ignored","background"]}': option51,
  '{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}': option52,
  '{"type":"integer","minimum":0,"maximum":4294967295}': option53,
  '{"type":"integer","minimum":2,"maximum":1000}': option54,
  '{"type":"integer","minimum":0,"maximum":999}': option55,
  '{"anyOf":[{"type":"number","minimum":0,"maximum":1},{"enum":["found"]}]}': option56,
  '{"type":"integer","minimum":1,"maximum":1000000000}': option57,
  '{"type":"integer","minimum":1,"maximum":254}': option58,
  '{"type":"number","exclusiveMinimum":0,"maximum":1000}': option59,
  '{"type":"number","minimum":0,"maximum":100}': option60,
  '{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":255}': option61,
  '{"enum":["none","sum","repeat","random"]}': option62,
  '{"type":"array","items":{"type":"array","items":{"type":"integer","minimum":0,"maximum":255},"minItems":3,"maxItems":3},"minItems":2,"maxItems":256}':
    option63,
  '{"type":"array","items":{"type":"string"},"minItems":2,"maxItems":255}': option64,
  '{"anyOf":[{"type":"integer","minimum":0,"maximum":65535},{"type":"array","items":{"type":"integer","minimum":0,"maximum":65535},"maxItems":256},{"type":"array","items":{"type":"array","items":{"type":"integer","minimum":0,"maximum":255},"minItems":3,"maxItems":3},"maxItems":256}]}':
    option65,
};
