-- unetc in Neovim's own client, 0.7 or later. Copy to ~/.config/nvim/plugin/unetc.lua.

-- How the server starts: "unetc" on the PATH, or the path of a project's
-- node_modules/.bin/unetc.
local command = { 'unetc', 'lsp' }

local group = vim.api.nvim_create_augroup('unetc', {})

vim.api.nvim_create_autocmd({ 'BufRead', 'BufNewFile' }, {
  group = group,
  pattern = '*.unet',
  command = 'setfiletype unet',
})

-- The folder with the nearest package.json or .git, as the compiler has it.
local function root_of(file)
  local folder = vim.fn.fnamemodify(file, ':p:h')
  local found = vim.fn.findfile('package.json', folder .. ';')
  local git = vim.fn.finddir('.git', folder .. ';')
  local roots = {}
  if found ~= '' then
    table.insert(roots, vim.fn.fnamemodify(found, ':p:h'))
  end
  if git ~= '' then
    table.insert(roots, vim.fn.fnamemodify(git, ':p:h:h'))
  end
  table.sort(roots, function(one, other)
    return #one > #other
  end)
  return roots[1] or folder
end

-- Neovim 0.7 has no vim.lsp.start, which finds the client of a project again.
local clients = {}
local function start_once(options, buffer)
  local client = clients[options.root_dir]
  if client == nil or vim.lsp.get_client_by_id(client) == nil then
    client = vim.lsp.start_client(options)
    clients[options.root_dir] = client
  end
  vim.lsp.buf_attach_client(buffer, client)
end

vim.api.nvim_create_autocmd('FileType', {
  group = group,
  pattern = 'unet',
  callback = function(event)
    vim.bo.commentstring = '// %s'
    vim.bo.expandtab = true
    vim.bo.shiftwidth = 2
    local buffer = event.buf
    local file = vim.api.nvim_buf_get_name(buffer)
    local options = { name = 'unetc', cmd = command, root_dir = root_of(file) }
    if vim.lsp.start ~= nil then
      vim.lsp.start(options)
    else
      start_once(options, buffer)
    end
    -- The size of every stage at the end of its line, from Neovim 0.10 on.
    if vim.lsp.inlay_hint ~= nil then
      vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
    end
  end,
})
