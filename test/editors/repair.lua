-- What a person does with a broken spec, in Neovim: reads the messages, takes the first
-- fix, looks whether any message is left, saves. Prints what was seen as JSON.

-- The first of what code actions offer, as if Enter were pressed.
local offered = {}
vim.ui.select = function(items, _, choose)
  for _, item in ipairs(items) do
    local action = item.action or item[2] or item
    table.insert(offered, action.title)
  end
  choose(items[1], 1)
end

local function messages()
  return vim.tbl_map(function(found)
    return {
      code = found.code or vim.tbl_get(found, 'user_data', 'lsp', 'code'),
      message = found.message,
      line = found.lnum + 1,
      column = found.col + 1,
    }
  end, vim.diagnostic.get(0))
end

local function wait_for(what, condition)
  if not vim.wait(20000, condition, 20) then
    io.stderr:write('Waited in vain for ' .. what .. '.\n')
    vim.cmd('cquit 1')
  end
end

wait_for('messages', function()
  return #vim.diagnostic.get(0) > 0
end)
local before = messages()
vim.api.nvim_win_set_cursor(0, { before[1].line, before[1].column - 1 })
vim.lsp.buf.code_action()
wait_for('a repair', function()
  return vim.bo.modified
end)
wait_for('the messages to go', function()
  return #vim.diagnostic.get(0) == 0
end)
vim.cmd('write')
io.stdout:write(vim.json and vim.json.encode({ filetype = vim.bo.filetype, before = before, offered = offered })
  or vim.fn.json_encode({ filetype = vim.bo.filetype, before = before, offered = offered }))
vim.cmd('qall!')
